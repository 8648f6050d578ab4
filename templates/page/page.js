// @ts-check
/// <reference lib="dom" />
/// <reference lib="dom.iterable" />
// What runs in the page of `packflow serve`. The service's own description, openapi.json, says which models there are.

/** @typedef {{ name: string, datatype: string, shape: number[], fields?: string[] }} Tensor */
/**
 * @typedef {{ name: string, version: string, description: string, device?: string, example: Record<string, unknown>,
 *   inputs: Tensor[], outputs: Tensor[] }} Model
 */
/** @typedef {{ control: HTMLInputElement | HTMLTextAreaElement, path: string[], read: () => unknown }} Field */

/** More fields than this are a form no longer. */
const MOST_FIELDS = 120;
/** More text or rows than this are slow to show. */
const MOST_TEXT = 100_000;
const MOST_ROWS = 100;
const JSON_NUMBER = /^-?(0|[1-9]\d*)(\.\d+)?([eE][+-]?\d+)?$/;

/** @type {Model[]} */
let models = [];
/** @type {Model | undefined} */
let model;
/** @type {Field[]} */
let fields = [];
/** Milliseconds of the answers of the model that is shown. @type {number[]} */
let times = [];
let token = "";
let asJson = false;
let sending = false;
/** @type {ReturnType<typeof setTimeout> | undefined} */
let timer;

/** @param {string} id @returns {HTMLElement} */
function at(id) {
  const element = document.getElementById(id);
  if (element === null) throw new Error(`There is no #${id}`);
  return element;
}

/**
 * An element with attributes and children; text is text, never markup.
 *
 * @param {string} tag
 * @param {Record<string, string>} attributes
 * @param {...(Node | string)} children
 */
function make(tag, attributes = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value);
  element.append(...children);
  return element;
}

const text = /** @type {HTMLTextAreaElement} */ (at("text"));
const tokenInput = /** @type {HTMLInputElement} */ (at("token"));

// ---- the service

/** @param {string} path @param {RequestInit} [options] */
function ask(path, options = {}) {
  const headers = new Headers(options.headers);
  if (token !== "") headers.set("authorization", `Bearer ${token}`);
  return fetch(path, { ...options, headers, cache: "no-store" });
}

/** Asks what there is, and again until the service is ready. */
async function load() {
  clearTimeout(timer);
  try {
    const response = await ask("openapi.json");
    const isRefused = response.status === 401 || response.status === 403;
    if (isRefused) return askForToken();
    if (!response.ok) throw new Error(`it answered ${response.status}`);
    /** @type {Model[]} */
    const found = (await response.json())["x-packflow-models"];
    const isReady = await showHealth();
    at("gate").hidden = true;
    // a link carries no token
    at("links").hidden = token !== "";
    say(at("wait"), found.length === 0 ? "The models are being loaded." : "");
    showModels(found);
    if (!isReady || found.length === 0) loadLater();
  } catch (error) {
    say(at("wait"), `The service cannot be reached: ${messageOf(error)}. Trying again.`);
    loadLater();
  }
}

function loadLater() {
  clearTimeout(timer);
  timer = setTimeout(load, 1500);
}

function askForToken() {
  const gate = at("gate");
  // told only to somebody who has typed one
  at("gate-problem").textContent = token === "" ? "" : "The service does not accept this token.";
  at("wait").textContent = "";
  gate.hidden = false;
  at("model").hidden = true;
  tokenInput.value = "";
  tokenInput.focus();
}

async function showHealth() {
  let isReady = false;
  try {
    isReady = (await ask("v2/health/ready")).ok;
  } catch {
    // said by what needs an answer
  }
  at("health").classList.toggle("good", isReady);
  say(at("health"), isReady ? "Ready" : "Not ready");
  return isReady;
}

// ---- models

/** @param {Model[]} found */
function showModels(found) {
  const isSame = JSON.stringify(found) === JSON.stringify(models);
  // nothing is taken from under somebody's hands
  if (isSame) return;
  models = found;
  at("models").replaceChildren(
    ...models.map(({ name }) =>
      make("li", {}, make("a", { href: `#model=${encodeURIComponent(name)}` }, name))
    ),
  );
  showModel();
}

function showModel() {
  const asked = /^#model=(.*)$/.exec(location.hash)?.[1] ?? "";
  const chosen = models.find(({ name }) => encodeURIComponent(name) === asked) ?? models[0];
  if (chosen === undefined) return;
  for (const [index, link] of [...at("models").querySelectorAll("a")].entries()) {
    if (models[index] === chosen) link.setAttribute("aria-current", "page");
    else link.removeAttribute("aria-current");
  }
  if (chosen.name === model?.name && chosen.version === model.version) return;
  const isSwitch = model !== undefined;
  model = chosen;
  times = [];
  document.title = `${model.name} - Packflow`;
  at("title").textContent = model.name;
  const { version, device, description } = model;
  const facts = [`version ${version}`, ...(device === undefined ? [] : [`runs on ${device}`]), description];
  at("facts").textContent = facts.filter((fact) => fact !== "").join(" · ");
  at("specs").replaceChildren(tensorTable("Inputs", model.inputs), tensorTable("Outputs", model.outputs));
  at("model").hidden = false;
  clearAnswer();
  reset();
  if (isSwitch) at("title").focus();
}

/** @param {string} title @param {Tensor[]} tensors */
function tensorTable(title, tensors) {
  const hasFields = tensors.some((tensor) => tensor.fields !== undefined);
  const rows = tensors.map(({ name, datatype, shape, fields }) => [
    name,
    datatype,
    `[${shape.map((size) => size < 0 ? "any" : size).join(",\u00a0")}]`,
    ...(hasFields ? [(fields ?? [name]).join(", ")] : []),
  ]);
  const heads = ["Name", "Type", "Shape", ...(hasFields ? ["From the fields"] : [])];
  return inScroller(table(title, heads, rows), title);
}

/** @param {string} caption @param {string[]} heads @param {(string | Node)[][]} rows */
function table(caption, heads, rows) {
  return make(
    "table",
    {},
    make("caption", {}, caption),
    make("thead", {}, make("tr", {}, ...heads.map((head) => make("th", { scope: "col" }, head)))),
    make(
      "tbody",
      {},
      ...rows.map(([first = "", ...cells]) =>
        make("tr", {}, make("th", { scope: "row" }, first), ...cells.map(tableCell))
      ),
    ),
  );
}

/** @param {string | Node} content */
function tableCell(content) {
  return content instanceof HTMLTableCellElement ? content : make("td", {}, content);
}

/**
 * A table may be wider than the page: it scrolls by itself, also by keyboard.
 *
 * @param {Node} content @param {string} name
 */
function inScroller(content, name) {
  return make("div", { class: "scroll", tabindex: "0", role: "region", "aria-label": name }, content);
}

// ---- the event

function reset() {
  const example = model?.example ?? {};
  text.value = JSON.stringify(example, null, 2);
  setProblem("");
  buildForm(example);
  useJson(asJson || fields.length === 0 || fields.length > MOST_FIELDS);
  showCommand();
}

/** @param {boolean} json */
function useJson(json) {
  asJson = json;
  at("json").hidden = !json;
  at("fields").hidden = json;
  for (const input of at("modes").querySelectorAll("input")) {
    input.checked = (input.value === "json") === json;
  }
}

/**
 * Between the form and the text: what was edited goes along.
 *
 * @param {boolean} json
 */
function switchMode(json) {
  setProblem("");
  if (json) {
    const event = readForm();
    if (event === undefined) return useJson(false);
    text.value = JSON.stringify(event, null, 2);
    return useJson(true);
  }
  const event = parsed(text.value);
  const count = isObject(event) ? leavesOf(event).length : 0;
  if (!isObject(event) || count === 0 || count > MOST_FIELDS) {
    useJson(true);
    const what = count > MOST_FIELDS
      ? `it has ${count} fields, more than ${MOST_FIELDS}`
      : "it must be one JSON object with fields";
    return setProblem(`The form cannot show this text: ${what}.`);
  }
  buildForm(event);
  useJson(false);
}

/**
 * The values of an event that get a field each, with the way to them.
 *
 * @param {Record<string, unknown>} event @param {string[]} path @returns {{ path: string[], value: unknown }[]}
 */
function leavesOf(event, path = []) {
  return Object.entries(event).flatMap(([key, value]) =>
    isObject(value) && Object.keys(value).length > 0
      ? leavesOf(value, [...path, key])
      : [{ path: [...path, key], value }]
  );
}

/** @param {Record<string, unknown>} event */
function buildForm(event) {
  const leaves = leavesOf(event);
  fields = [];
  if (leaves.length > MOST_FIELDS) return at("fields").replaceChildren();
  at("fields").replaceChildren(
    ...leaves.map(({ path, value }, index) => makeField(path, value, `field-${index}`)),
  );
}

/** @param {string[]} path @param {unknown} value @param {string} id */
function makeField(path, value, id) {
  const label = make("label", { for: id }, path.join("."));
  if (typeof value === "boolean") {
    const box = /** @type {HTMLInputElement} */ (make("input", { id, type: "checkbox" }));
    box.checked = value;
    fields.push({ control: box, path, read: () => box.checked });
    return make("div", { class: "check" }, box, label);
  }
  const isJson = typeof value !== "string" && typeof value !== "number";
  const control =
    /** @type {HTMLInputElement | HTMLTextAreaElement} */ (isJson
      ? make("textarea", { id, rows: "3", spellcheck: "false" })
      : make("input", { id, type: "text", autocomplete: "off", spellcheck: "false" }));
  control.value = typeof value === "string" ? value : JSON.stringify(value);
  control.dataset.kind = isJson ? "json" : typeof value;
  if (typeof value === "number") control.inputMode = "decimal";
  if (isJson) label.append(" (JSON)");
  fields.push({ control, path, read: () => readControl(control) });
  return make("div", isJson ? { class: "wide" } : {}, label, control);
}

/** @param {HTMLInputElement | HTMLTextAreaElement} control */
function readControl({ value, dataset: { kind } }) {
  if (kind === "string") return value;
  const trimmed = value.trim();
  // left out, as an event may lack a field
  if (trimmed === "") return undefined;
  if (kind === "json") return JSON.parse(trimmed);
  if (!JSON_NUMBER.test(trimmed)) throw new SyntaxError("it must be a number such as 1.5");
  return Number(trimmed);
}

/**
 * The form's event; undefined where a field is wrong, which is then said and focused.
 *
 * @returns {Record<string, unknown> | undefined}
 */
function readForm({ quiet = false } = {}) {
  /** @type {Record<string, unknown>} */
  const event = emptyObject();
  for (const { control, path, read } of fields) {
    let value;
    try {
      value = read();
      if (!quiet) control.removeAttribute("aria-invalid");
    } catch (error) {
      if (quiet) return undefined;
      control.setAttribute("aria-invalid", "true");
      control.setAttribute("aria-describedby", "text-problem");
      setProblem(`The field ${path.join(".")} cannot be sent: ${messageOf(error)}.`);
      control.focus();
      return undefined;
    }
    if (value !== undefined) setAt(event, path, value);
  }
  return event;
}

/** @param {Record<string, unknown>} event @param {string[]} path @param {unknown} value */
function setAt(event, path, value) {
  let holder = event;
  for (const key of path.slice(0, -1)) {
    const inner = holder[key] ?? (holder[key] = emptyObject());
    if (isObject(inner)) holder = inner;
  }
  holder[path.at(-1) ?? ""] = value;
}

/** An object in which __proto__ is a key like any other. @returns {Record<string, unknown>} */
function emptyObject() {
  return Object.create(null);
}

/**
 * What will be sent; undefined, once said why, where it cannot be.
 *
 * @returns {{ body: string, type: string } | undefined}
 */
function requestOf({ quiet = false } = {}) {
  if (!asJson) {
    const event = readForm({ quiet });
    return event === undefined ? undefined : { body: JSON.stringify(event), type: "application/json" };
  }
  const body = text.value.trim();
  if (isJson(body)) return { body, type: "application/json" };
  const lines = body.split("\n").filter((line) => line.trim() !== "");
  if (lines.length > 1 && lines.every(isJson)) {
    return { body: `${lines.join("\n")}\n`, type: "application/x-ndjson" };
  }
  if (!quiet) {
    setProblem(`The text cannot be sent: ${faultOf(body)}.`);
    text.setAttribute("aria-invalid", "true");
    text.focus();
  }
  return undefined;
}

/** @param {string} problem */
function setProblem(problem) {
  at("text-problem").textContent = problem;
  if (problem === "") text.removeAttribute("aria-invalid");
}

// ---- sending

async function send() {
  if (sending || model === undefined) return;
  setProblem("");
  const request = requestOf();
  if (request === undefined) return;
  setSending(true);
  const shown = model;
  const start = performance.now();
  try {
    const response = await ask(pathOf(shown), {
      method: "POST",
      headers: { "content-type": request.type },
      body: request.body,
    });
    const answer = await response.text();
    const took = performance.now() - start;
    if (shown !== model) return;
    showAnswer(response, answer, took);
    if (response.status === 401) askForToken();
  } catch (error) {
    clearAnswer();
    say(at("timing"), "No answer");
    at("problem").replaceChildren(
      make("p", { class: "problem" }, `The service cannot be reached: ${messageOf(error)}`),
    );
    await showHealth();
    loadLater();
  } finally {
    setSending(false);
  }
}

/** @param {boolean} now */
function setSending(now) {
  sending = now;
  const button = at("editor").querySelector("[type=submit]");
  // not disabled: that would take the focus away
  button?.setAttribute("aria-disabled", String(now));
  at("answer").setAttribute("aria-busy", String(now));
}

/** @param {Model} of */
function pathOf({ name }) {
  return `models/${encodeURIComponent(name)}/invocations`;
}

// ---- the answer

function clearAnswer() {
  at("timing").textContent = "Nothing sent yet";
  at("problem").replaceChildren();
  at("answer").replaceChildren();
  at("raw").hidden = true;
}

/** @param {Response} response @param {string} body @param {number} took */
function showAnswer(response, body, took) {
  clearAnswer();
  times.push(took);
  const middle = [...times].sort((a, b) => a - b)[Math.floor((times.length - 1) / 2)] ?? took;
  const median = times.length > 1 ? `, median of ${times.length}: ${millis(middle)}` : "";
  const value = parsed(body) ?? linesOf(body);
  const rows = Array.isArray(value) ? value : [value];
  const failed = rows.filter((row) => failureOf(row) !== undefined).length;
  const failures = response.ok && failed > 0 ? `, ${failed} failed` : "";
  say(at("timing"), `${response.status} in ${millis(took)}${median}${failures}`);
  if (!response.ok) showProblem(value, response);
  else if (rows.every(isObject)) at("answer").replaceChildren(resultTable(rows));
  showRaw(body, value);
}

/** @param {unknown} value @param {Response} response */
function showProblem(value, { status, headers }) {
  const { error, remedy, code } = isObject(value)
    ? value
    : { error: undefined, remedy: undefined, code: undefined };
  const id = headers.get("x-request-id");
  const message = typeof error === "string" ? error : `The service answered ${status}`;
  at("problem").replaceChildren(
    make("p", { class: "problem" }, message),
    ...(typeof remedy === "string" ? [make("p", {}, remedy)] : []),
    ...(typeof code === "string" ? [make("p", {}, make("code", {}, code))] : []),
    // by which the service's log tells requests apart
    ...(id === null ? [] : [make("p", { class: "hint" }, `request ${id}`)]),
  );
}

/** @param {string} body @param {unknown} value */
function showRaw(body, value) {
  // laid out where that only adds white space
  const single = isObject(value) && body.length < MOST_TEXT && !body.trim().includes("\n");
  const whole = single ? JSON.stringify(value, null, 2) : body;
  const isCut = whole.length > MOST_TEXT;
  at("raw-text").textContent = isCut
    ? `${whole.slice(0, MOST_TEXT)}\n… ${whole.length} characters in all`
    : whole;
  at("raw").hidden = body === "";
}

/** @param {Record<string, unknown>[]} rows */
function resultTable(rows) {
  const [only] = rows;
  if (rows.length === 1 && only !== undefined) {
    const lines = Object.entries(only).map(([key, value]) => [key, cellOf(value)]);
    return inScroller(table("Result", ["Name", "Value"], lines), "Result");
  }
  const shown = rows.slice(0, MOST_ROWS);
  const keys = [...new Set(shown.filter((row) => failureOf(row) === undefined).flatMap(Object.keys))];
  const lines = shown.map((row, index) => {
    const failure = failureOf(row);
    const cells = failure === undefined
      ? keys.map((key) => Object.hasOwn(row, key) ? cellOf(row[key]) : "")
      : [make("td", { class: "problem", colspan: String(Math.max(1, keys.length)) }, failure)];
    return [String(index + 1), ...cells];
  });
  const caption = rows.length > shown.length
    ? `Results, the first ${shown.length} of ${rows.length}`
    : `${rows.length} results`;
  return inScroller(table(caption, ["Event", ...keys], lines), "Results");
}

/**
 * Why an event has no answer; undefined where it has one.
 *
 * @param {unknown} row
 */
function failureOf(row) {
  if (!isObject(row) || !isObject(row.error) || Object.keys(row).length !== 1) return undefined;
  const { code, message } = row.error;
  return typeof code === "string" && typeof message === "string" ? `${message} (${code})` : undefined;
}

/** @param {unknown} value @returns {Node | string} */
function cellOf(value) {
  if (Array.isArray(value) && isShares(value)) {
    return make(
      "ol",
      {},
      ...value.map((share, index) =>
        make(
          "li",
          {},
          make("span", {}, String(index)),
          make("span", {}, share.toFixed(4)),
          make("meter", { max: "1", value: String(share), "aria-label": `Share of ${index}` }),
        )
      ),
    );
  }
  if (typeof value === "string") return value;
  const json = JSON.stringify(value);
  return json.length > 500 ? `${json.slice(0, 500)}…` : json;
}

/**
 * Whether numbers are shares of one whole, such as probabilities, few enough to be drawn.
 *
 * @param {unknown[]} values @returns {values is number[]}
 */
function isShares(values) {
  if (values.length < 2 || values.length > 20) return false;
  let sum = 0;
  for (const value of values) {
    if (typeof value !== "number" || value < 0 || value > 1) return false;
    sum += value;
  }
  return Math.abs(sum - 1) < 1e-3;
}

// ---- curl

function showCommand() {
  const request = requestOf({ quiet: true });
  at("curl").textContent = model === undefined || request === undefined
    ? "The event cannot be sent as it is."
    : commandOf(model, request);
  at("copied").textContent = "";
}

/** @param {Model} of @param {{ body: string, type: string }} request */
function commandOf(of, { body, type }) {
  // never the token itself: commands end up in histories and chats
  const secret = token === "" ? [] : ['-H "authorization: Bearer $PACKFLOW_TOKEN"'];
  return [
    `curl ${quoted(new URL(pathOf(of), location.href).href)}`,
    `-H ${quoted(`content-type: ${type}`)}`,
    ...secret,
    `--data-raw ${quoted(body)}`,
  ].join(" \\\n  ");
}

/**
 * One word of a POSIX shell.
 *
 * @param {string} word
 */
function quoted(word) {
  return `'${word.replaceAll("'", `'\\''`)}'`;
}

async function copyCommand() {
  if (requestOf() === undefined) return;
  showCommand();
  try {
    await navigator.clipboard.writeText(at("curl").textContent ?? "");
    say(at("copied"), "Copied");
  } catch {
    // browsers let a page copy only where it came from this machine or over TLS
    /** @type {HTMLDetailsElement} */ (at("command")).open = true;
    at("curl").focus();
    getSelection()?.selectAllChildren(at("curl"));
    say(at("copied"), "Selected: copy it with Control and C");
  }
}

// ---- small things

/**
 * Says a text anew, also where it is the text that stands there.
 *
 * @param {HTMLElement} place @param {string} message
 */
function say(place, message) {
  place.textContent = "";
  place.textContent = message;
}

/** @param {number} value */
function millis(value) {
  return `${value < 10 ? value.toFixed(1) : Math.round(value)} ms`;
}

/** @param {unknown} value @returns {value is Record<string, unknown>} */
function isObject(value) {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** @param {string} json @returns {unknown} */
function parsed(json) {
  try {
    return JSON.parse(json);
  } catch {
    return undefined;
  }
}

/** @param {string} json */
function isJson(json) {
  return parsed(json) !== undefined;
}

/**
 * The values of NDJSON; undefined where a line is none.
 *
 * @param {string} ndjson @returns {unknown[] | undefined}
 */
function linesOf(ndjson) {
  const lines = ndjson.split("\n").filter((line) => line.trim() !== "").map(parsed);
  return lines.includes(undefined) || lines.length === 0 ? undefined : lines;
}

/** @param {string} json */
function faultOf(json) {
  try {
    JSON.parse(json);
    return "";
  } catch (error) {
    return messageOf(error);
  }
}

/** @param {unknown} error */
function messageOf(error) {
  return error instanceof Error ? error.message : String(error);
}

// ---- what people do

addEventListener("hashchange", showModel);
at("gate").addEventListener("submit", (event) => {
  event.preventDefault();
  token = tokenInput.value;
  load();
});
at("editor").addEventListener("submit", (event) => {
  event.preventDefault();
  send();
});
at("editor").addEventListener("input", showCommand);
at("editor").addEventListener("keydown", (event) => {
  if (event.key !== "Enter" || !(event.ctrlKey || event.metaKey)) return;
  event.preventDefault();
  send();
});
at("modes").addEventListener("change", (event) => {
  switchMode(/** @type {HTMLInputElement} */ (event.target).value === "json");
  showCommand();
});
at("reset").addEventListener("click", reset);
at("copy").addEventListener("click", copyCommand);
load();
