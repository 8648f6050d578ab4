// deno-lint-ignore-file packflow/max-lines -- one table, read by looking up
/**
 * Every code an error of Packflow can carry, with what it means and how to mend it.
 *
 * The part before the dot is the code's class; `lib/cli/exit_code.ts` maps classes to exit codes.
 * Codes are stable: scripts and dead letters hold them. Add one only with its first caller.
 *
 * @example
 * ```ts
 * import { ERROR_CODES } from "packflow";
 *
 * const { cause, remedy } = ERROR_CODES["event.missing_field"];
 * console.assert(cause.length > 0 && remedy.length > 0);
 * ```
 */
export const ERROR_CODES = {
  "backend.hook_failed": {
    cause: "A hook of the backend (transformInputs, execute or transformOutputs) threw.",
    remedy: "Mend the hook at the place the message names; the original error is kept as its cause.",
  },
  "backend.import_failed": {
    cause: "A module of the project threw, or asked for what is not there, while it was being imported.",
    remedy: "Mend the file at the place the message names; the original error is kept as its cause.",
  },
  "backend.initialize_failed": {
    cause: "The backend's initialize hook threw, so it cannot serve any event.",
    remedy: "Mend the hook; most often a file it loads is missing from the project.",
  },
  "backend.invalid_reference": {
    cause: "The manifest's backend is neither a file of the project with an export nor packflow:OnnxBackend.",
    remedy: 'Write it as "inference.ts:Backend": a path inside the project, a colon, the export\'s name.',
  },
  "backend.key_taken": {
    cause: "A field that --keep carries into the result has the name of a key that the result has already.",
    remedy: "Give the field a name of its own: --keep id=event_id.",
  },
  "backend.missing_export": {
    cause: "A module of the project does not export what another module, or the manifest, takes from it.",
    remedy: "Export it, or use one of the names the message lists.",
  },
  "backend.missing_key": {
    cause: "A result lacks a key that --output-keys names.",
    remedy: "Name keys that every result has; return null where there is no value.",
  },
  "backend.module_not_found": {
    cause: "The file that the manifest's backend names is not in the project.",
    remedy: "Create the file or correct the path in packflow.jsonc.",
  },
  "backend.not_initialized": {
    cause: "A backend was made with new and then asked to infer.",
    remedy: "Build backends with await Backend.create() or loadBackend(), which initialize them once.",
  },
  "backend.not_json": {
    cause:
      "A result holds a value that JSON cannot carry, such as undefined, a date or an instance of a class.",
    remedy:
      "Return plain objects, arrays, text, numbers, booleans and null; convert anything else in transformOutputs.",
  },
  "backend.not_ready": {
    cause: "The backend's ready hook returned false after initialize.",
    remedy: "Make ready return true once the backend can serve, or throw in initialize to say why it cannot.",
  },
  "backend.other_keys": {
    cause:
      "A result has keys that the header of the CSV output lacks: the header is made from the first result.",
    remedy: "Choose the columns with --output-keys, return the same keys for every event, or write NDJSON.",
  },
  "backend.syntax_error": {
    cause: "A file of the project is not valid TypeScript, JavaScript or JSON.",
    remedy: "Mend the line the message shows.",
  },
  "backend.wrong_export": {
    cause: "The export that the manifest names is not a class that extends InferenceBackend and has execute.",
    remedy: "Export class Backend extends InferenceBackend with an execute hook.",
  },
  "backend.wrong_output": {
    cause: "The backend did not return an array with one result per event.",
    remedy: "Return as many results as there are events, in the same order.",
  },
  "check.answers_differ": {
    cause: "Two devices answer the same events with values that lie further apart than the tolerance.",
    remedy: "Choose the device whose answers are those of the model's training, or raise --tolerance.",
  },
  "check.digest_differs": {
    cause: "A package was made again to be compared, and has another SHA-256 than --check names.",
    remedy: "Compare the two packages with packflow diff; the format and SOURCE_DATE_EPOCH count too.",
  },
  "check.failed": {
    cause: "A project has errors, so no package is made of it.",
    remedy: "Run packflow validate, mend every error it lists, then package again.",
  },
  "check.golden_failed": {
    cause: "A golden event does not get the answer that golden.ndjson expects.",
    remedy: "Mend the backend, or accept the present answers with packflow test --update.",
  },
  "check.golden_invalid": {
    cause: "A line of golden.ndjson is no golden event.",
    remedy:
      'Write one object a line: {"input": {...}, "output": {...}}, or "error" with a code in place of "output".',
  },
  "check.golden_missing": {
    cause: "A project has no golden events, so nothing shows that its answers are right.",
    remedy:
      'Write a few lines {"input": {...}} to golden.ndjson, then run packflow test --update and read the answers.',
  },
  "check.io": {
    cause:
      "A backend breaks a promise: plain JSON results, one per event, equal in batches and alone, inputs unchanged.",
    remedy: "Mend the backend at the event and path the message names.",
  },
  "check.kept_in": {
    cause:
      "A file goes into the package since it cannot do without, although a pattern or its name speaks against it.",
    remedy:
      "Name it under include in packflow.jsonc if that is meant, else move what must stay out to another file.",
  },
  "check.left_out": {
    cause: "A file of the project stays out of its package although it may be expected in.",
    remedy: "Name it under include in packflow.jsonc if it must be in the package.",
  },
  "check.metadata_empty": {
    cause: "The manifest does not say what the project does, or who looks after it.",
    remedy: "Fill in the field in packflow.jsonc.",
  },
  "check.recommended_file": {
    cause: "README.md, MODEL_CARD.md or LICENSE is missing, empty or as the template has it.",
    remedy:
      "Write the file: whoever receives the package learns from it what the model is for, and what they may do.",
  },
  "check.unsafe_path": {
    cause: "A file of the project has a name that some system would read in another way.",
    remedy: "Rename the file, or name it in exclude of packflow.jsonc.",
  },
  "config.invalid": {
    cause: "A backend option has a value that its schema does not accept.",
    remedy: "Set the option to the type the message names; docs list every option.",
  },
  "config.override_file": {
    cause: "The file named by BACKEND_CONFIG_FILE_PATH is missing, not JSON, or lacks an object `configs`.",
    remedy: 'Write {"configs": {...}} to that file, or unset the variable.',
  },
  "config.unknown_option": {
    cause: "A backend option is not in the backend's schema, most often a misspelt name.",
    remedy: "Use the name the message suggests, or extend the schema with BackendConfig.extend.",
  },
  "create.exists": {
    cause: "The folder that create should make exists already.",
    remedy: "Choose another name, or add what is missing to the folder with --force.",
  },
  "create.failed": {
    cause: "The files of a new project could not be written; nothing was left behind.",
    remedy: "Check that the folder can be written to and has space.",
  },
  "create.files_differ": {
    cause: "The folder holds files that differ from the template's; create --force overwrites nothing.",
    remedy: "Move or remove the files the message names, then try again.",
  },
  "create.unsupported_model": {
    cause: "A project cannot be made from this model without knowing more than the model says.",
    remedy: "Start from packflow create NAME --template onnx, then put your model and its features in.",
  },
  "event.delimiter_collision": {
    cause: "A field's path can be read in two ways, as a key of the event holds the delimiter itself.",
    remedy:
      "Set nestedFieldDelimiter to a text that no key holds, or ignoreDelimiterCollisions to read the key first.",
  },
  "event.invalid_csv": {
    cause:
      "A row of the input is not CSV as RFC 4180 has it: its quotes are broken, or it has more or fewer fields than the header.",
    remedy:
      "Mend the row at the line: quote fields that hold quotes, delimiters or line ends, and double quotes inside.",
  },
  "event.invalid_json": {
    cause:
      "A record of the input is not valid JSON, or the JSON array that holds the events is cut or followed by text.",
    remedy: "Mend the input at the line and column; --on-error skip or emit goes on with the next event.",
  },
  "event.invalid_utf8": {
    cause: "A record of the input holds bytes that are not UTF-8.",
    remedy: "Convert the input to UTF-8, for example with iconv; no byte is replaced silently.",
  },
  "event.missing_field": {
    cause: "An event lacks a field that the backend needs, or holds null in it.",
    remedy: "Send the field, name the right one in featureNames or renameFields, or set onMissing.",
  },
  "event.not_numeric": {
    cause: "A feature that goes into a tensor is not a number, a boolean or an array of these.",
    remedy: 'Send a number, or use inputFormat "records" and convert the field in transformInputs.',
  },
  "event.not_object": {
    cause: "An event is not a JSON object.",
    remedy: "Send one JSON object per event.",
  },
  "event.too_deep": {
    cause: "A value nests deeper than 512 levels, or holds itself.",
    remedy: "Flatten the value before it is sent.",
  },
  "event.too_large": {
    cause: "A record of the input is larger than the limit for one event, often as line ends are missing.",
    remedy: "Send one event per line or array element, or raise --max-event-bytes.",
  },
  "event.too_many_failed": {
    cause: "More events have failed than --max-errors allows.",
    remedy: "Mend the events or the code that refuses them, or allow more with --max-errors.",
  },
  "event.wrong_length": {
    cause: "An array feature differs in length between events, so the events do not form one tensor.",
    remedy: "Send arrays of one length in every event.",
  },
  "event.wrong_type": {
    cause: "A field of an event holds a value that the model's input cannot take.",
    remedy: "Send the type that the message names, or transform the field before inference.",
  },
  "internal.unexpected": {
    cause: "Packflow itself failed in a way it does not know.",
    remedy: "Please report it, with the command and the message.",
  },
  "loader.computed_import": {
    cause: "A module imports something whose name is only known when it runs, so it cannot be bundled.",
    remedy: 'Write the name out: import("./a.ts"); to choose among several, write one import for each.',
  },
  "loader.invalid_bundle": {
    cause: "The bundle in .packflow of an unpacked package is not as Packflow writes it.",
    remedy: "Unpack the package anew; what is in .packflow must not be edited.",
  },
  "loader.invalid_settings": {
    cause: "A file of the project that says which packages it uses cannot be read: deno.json or a lock file.",
    remedy: "Mend the file at the place the message names.",
  },
  "loader.lock_mismatch": {
    cause: "A package in node_modules has another version than the lock file, or the import, asks for.",
    remedy: "Install the project's packages anew: npm ci, or deno install.",
  },
  "loader.native_code": {
    cause: "An npm package needs code compiled for one kind of machine, which a package cannot carry.",
    remedy: "Use a package in pure JavaScript that does the same.",
  },
  "loader.needs_file": {
    cause: "An npm package reads a file of its own when it runs, which one bundled module does not have.",
    remedy: "Use a package, or an entry of this one, that has everything in its code.",
  },
  "loader.not_installed": {
    cause: "A module imports an npm package that is not in the project's node_modules.",
    remedy: "Run npm install or deno install in the project's folder.",
  },
  "loader.outside_project": {
    cause: "A module imports a file outside the project's folder, directly or through a link.",
    remedy: "Move or copy the file into the project: only what lies inside is packaged and readable.",
  },
  "loader.unresolved_import": {
    cause:
      "A module imports something that the loader cannot bundle: no such file, or not a file of the project.",
    remedy:
      'Import files of the project by relative path with extension, packages of npm, "packflow", or node: modules.',
  },
  "manifest.duplicate_key": {
    cause: "A key stands twice in the same object of packflow.jsonc.",
    remedy: "Remove one of the two.",
  },
  "manifest.invalid": {
    cause: "A value in packflow.jsonc is missing or not what its key takes.",
    remedy: "Correct the value at the line and column the message names; `packflow schema` lists every key.",
  },
  "manifest.syntax": {
    cause: "The text of packflow.jsonc is not JSON, comments and trailing commas allowed.",
    remedy: "Correct the text at the line and column the message names.",
  },
  "manifest.unknown_key": {
    cause: "A key of packflow.jsonc is one that no rule knows, most often a misspelt one.",
    remedy: "Use the name the message suggests, or keep your own data under extra.",
  },
  "model.closed": {
    cause: "A model was used after it had been disposed of.",
    remedy: "Dispose of a backend only after its last call has ended.",
  },
  "model.invalid": {
    cause: "A file is not an ONNX model that ONNX Runtime can load.",
    remedy:
      "Check that the file is complete and was exported to ONNX, weights included, with operators that ONNX Runtime knows.",
  },
  "model.no_device": {
    cause: "The device that should run the model is unknown, not there, or cannot run this model.",
    remedy: "Use the device auto, which always works; packflow doctor tells which others there are.",
  },
  "model.no_runtime": {
    cause: "The library that runs ONNX models cannot be loaded.",
    remedy:
      "Run once with network access so that Deno can fetch npm:onnxruntime-web, or use the packflow binary, which holds it.",
  },
  "model.non_tensor_input": {
    cause: "A model input is a sequence, a map or optional, which the fields of an event cannot fill.",
    remedy: "Export the model with tensor inputs only.",
  },
  "model.non_tensor_output": {
    cause: "A model output is a sequence or a map, such as scikit-learn converters make for probabilities.",
    remedy:
      "Convert the model again with the option zipmap=False, or name only its tensor outputs in outputs.",
  },
  "model.not_found": {
    cause: "A model file is missing or cannot be read.",
    remedy: "Check the path: it is relative to the project's folder.",
  },
  "model.outside_project": {
    cause: "A model's path, or that of a file with its weights, leads out of the project's folder.",
    remedy: "Copy the model and its weights into the project and name them by their paths there.",
  },
  "model.run_failed": {
    cause: "ONNX Runtime refused to run the model on the values it was given.",
    remedy:
      "Compare the values of the event with what the model was trained on; the message is the runtime's own.",
  },
  "model.too_large": {
    cause: "A model is larger than ONNX files, or the memory of what runs it, can be.",
    remedy:
      "Keep its weights in files beside it (ONNX calls them external data), or make them smaller by quantizing.",
  },
  "model.wrong_shape": {
    cause: "An input or output of the model has dimensions that do not fit batches of events.",
    remedy: "Export the model with an open first dimension on every input and output: one row per event.",
  },
  "package.altered_file": {
    cause: "A file of the package has another size, mode or SHA-256 than its MANIFEST.json says.",
    remedy: "Do not use the package: get it again from where it came from.",
  },
  "package.content_changed": {
    cause: "A file was changed while it was being packaged.",
    remedy: "Package again when nothing writes to the project any more.",
  },
  "package.corrupt": {
    cause: "The archive is cut short, damaged, or holds bytes that could be read in two ways.",
    remedy:
      "Get the package again; if it was repacked with another tool, make it with packflow package instead.",
  },
  "package.digest_mismatch": {
    cause: "The digest in a package's MANIFEST.json is not that of the files it lists.",
    remedy: "Do not use the package: get it again from where it came from.",
  },
  "package.invalid_manifest": {
    cause: "A package's MANIFEST.json is not exactly as Packflow writes it.",
    remedy: "Make the package anew with packflow package; its MANIFEST.json must not be edited.",
  },
  "package.missing_file": {
    cause: "A package lacks a file that its MANIFEST.json lists.",
    remedy: "Do not use the package: get it again from where it came from.",
  },
  "package.not_a_package": {
    cause: "The file is not a tar.gz or zip archive whose first file is MANIFEST.json.",
    remedy: "Name a file that packflow package has made.",
  },
  "package.target_exists": {
    cause: "The folder to unpack to exists already, and packages are never merged into what is there.",
    remedy: "Name another folder, or remove that one first.",
  },
  "package.too_large": {
    cause: "A package has more content, more entries or a higher compression ratio than is allowed.",
    remedy:
      "Leave files out of the project. If the package came from elsewhere, it may be cut short: get it again.",
  },
  "package.unknown_schema": {
    cause: "A package's MANIFEST.json has a schema version that this Packflow does not know.",
    remedy: "Use the version of Packflow that made the package, or a newer one.",
  },
  "package.unlisted_file": {
    cause: "A package holds a file that its MANIFEST.json does not list.",
    remedy: "Do not use the package: get it again from where it came from.",
  },
  "package.unpack_failed": {
    cause: "The files of a package could not be written.",
    remedy: "See that the folder above the target exists and can be written, and that the disk has room.",
  },
  "package.unsafe_entry": {
    cause:
      "An entry of a package is a link or device, or its name is unsafe or the same as another's on some system.",
    remedy: "Rename the file in the project; do not trust a package from elsewhere that has such entries.",
  },
  "project.file_missing": {
    cause: "A file that the project needs is not there.",
    remedy: "Add the file, or mend the path in packflow.jsonc.",
  },
  "project.link_outside": {
    cause: "A file that the project needs is a link to something that a package cannot hold.",
    remedy: "Copy the file itself into the project in place of the link.",
  },
  "project.not_found": {
    cause: "The folder is missing or has no packflow.jsonc.",
    remedy: "Name a project's folder, or make one with packflow create.",
  },
  "project.unreadable": {
    cause: "A file or folder of the project cannot be read.",
    remedy: "Check its permissions, or name it in exclude of packflow.jsonc.",
  },
  "project.unwritable": {
    cause: "A file of the project cannot be written.",
    remedy: "Check the folder's permissions and space; a package's files are not for changing.",
  },
  "request.deadline": {
    cause: "A request was not answered in the time that --deadline gives; its work was dropped.",
    remedy: "Send fewer events at once, give more workers, or raise --deadline.",
  },
  "request.draining": {
    cause: "The server is stopping, or the model has not been loaded yet: it takes no requests.",
    remedy: "Send it to another server, or again a little later; /v2/health/ready tells when.",
  },
  "request.forbidden_host": {
    cause: "The Host of a request is none that a server bound to this machine alone answers to.",
    remedy: "Call it by 127.0.0.1 or localhost, or bind it to another address with --host.",
  },
  "request.invalid": {
    cause: "A request does not follow the protocol, or does not fit the model.",
    remedy: "See /openapi.json for what each route takes, and the model's inputs at /v2/models/NAME.",
  },
  "request.method_not_allowed": {
    cause: "A route exists, but not for the method of the request.",
    remedy: "Use a method that the answer's Allow header names.",
  },
  "request.not_found": {
    cause: "A request names a route or a model that the server does not have.",
    remedy: "See /openapi.json for the routes, and /v2/models for the models.",
  },
  "request.queue_full": {
    cause: "More events wait for a model than --max-queue lets in.",
    remedy: "Send it again after the seconds that the answer's Retry-After names.",
  },
  "request.too_large": {
    cause: "The body of a request is larger than --max-body.",
    remedy: "Send fewer events at once, or stream them as NDJSON, whose length is not limited.",
  },
  "request.unauthorized": {
    cause: "A request lacks the token that the server asks for.",
    remedy: "Send it as Authorization: Bearer TOKEN.",
  },
  "request.unsupported_media": {
    cause: "The body of a request has a type or an encoding that the route does not take.",
    remedy: "Send application/json or application/x-ndjson, not compressed.",
  },
  "serve.duplicate_model": {
    cause: "Two of the projects to serve have the same name, by which requests tell them apart.",
    remedy: "Give one of them another name in packflow.jsonc.",
  },
  "serve.listen_failed": {
    cause:
      "The address to serve at cannot be had: the port is taken, or not for this user, or not of this machine.",
    remedy: "Choose another port with --port, or 0 for any that is free.",
  },
  "serve.tls_invalid": {
    cause: "The certificate or the private key for TLS cannot be read, or they do not belong together.",
    remedy: "Name files in PEM: the chain with --tls-cert, its key with --tls-key.",
  },
  "signature.altered_file": {
    cause: "A file has another SHA-256 than the one that was signed.",
    remedy: "Do not use the files: get them again, with their signature, from whoever signed them.",
  },
  "signature.exists": {
    cause: "A key or signature file that should be written exists already, and keys are never overwritten.",
    remedy: "Choose another name, or move the present file away.",
  },
  "signature.invalid_bundle": {
    cause: "The signature file is not a Sigstore bundle, or holds what could be read in two ways.",
    remedy: "Get the signature again, or sign anew with packflow sign.",
  },
  "signature.invalid_key": {
    cause: "A key file does not hold a key that Packflow can use: a PEM block with a key of P-256 or P-384.",
    remedy: "Make a pair of keys with packflow keygen, or convert the key with openssl pkey.",
  },
  "signature.invalid_statement": {
    cause: "What was signed with a trusted key does not say which files have which SHA-256.",
    remedy: "Have the package signed again: whoever holds the key has signed something else.",
  },
  "signature.missing_file": {
    cause: "A file that was signed is not there.",
    remedy: "Do not use the files: get them again, with their signature, from whoever signed them.",
  },
  "signature.not_found": {
    cause: "There is no signature where one is needed.",
    remedy:
      "Get the signature that belongs to the package and name it with --signature, or put it beside the package.",
  },
  "signature.not_valid": {
    cause: "The signature is not good: it was made over something else, or the file was altered.",
    remedy: "Do not use the package: get it again, with its signature, from whoever signed it.",
  },
  "signature.unknown_key": {
    cause: "The signature names a key that is not among the trusted ones.",
    remedy:
      "Ask whoever signed the package for the public key, over a channel you trust, and name it with --key.",
  },
  "signature.unreadable": {
    cause: "A key or signature file cannot be read.",
    remedy: "Check the path, and that the file may be read.",
  },
  "signature.unsafe_file": {
    cause: "A folder to verify holds a link or a device, which no signature covers.",
    remedy: "Copy the file itself in place of the link, and have the folder signed again.",
  },
  "signature.unsigned_file": {
    cause: "There is a file that the signature does not list.",
    remedy: "Remove the file if it is yours; otherwise do not use the files and get them again.",
  },
  "signature.unsupported": {
    cause: "The signature is of a kind or version, or uses a hash, that Packflow does not know.",
    remedy: "Have the package signed with packflow sign, or with model-signing and the method key.",
  },
  "signature.unwritable": {
    cause: "A key or signature file could not be written.",
    remedy: "Make its folder, and see that writing there is allowed.",
  },
  "sink.checkpoint_mismatch": {
    cause: "The output is not the one that the checkpoint was noted for, or was cut since.",
    remedy: "Name the same output again, or remove the checkpoint to begin anew.",
  },
  "sink.closed": {
    cause: "Whoever read the output has closed it, as head does after its lines.",
    remedy: "Nothing is wrong if that was meant; otherwise look at the program that reads the output.",
  },
  "sink.is_source": {
    cause: "The output is the same file as the input or another output, which writing would destroy.",
    remedy: "Write to another file.",
  },
  "sink.not_writable": {
    cause: "The output, or the file for dead letters, could not be opened for writing.",
    remedy: "Make its folder, and see that writing there is allowed.",
  },
  "sink.write_failed": {
    cause: "The system refused to take the output, for example as the disk is full.",
    remedy: "Make room or mend the device, then run again; what was written before is good.",
  },
  "source.checkpoint_mismatch": {
    cause: "The input is not the one that the checkpoint was noted for.",
    remedy: "Name the same input again, or remove the checkpoint to begin anew.",
  },
  "source.invalid_checkpoint": {
    cause: "The checkpoint file cannot be read as one.",
    remedy: "Remove it to begin anew, or name the file that an earlier run has written.",
  },
  "source.invalid_dead_letter": {
    cause: "A line of a dead letter file is not a dead letter.",
    remedy: "Replay the file as packflow wrote it, one dead letter per line.",
  },
  "source.invalid_header": {
    cause: "The first row of a CSV input is no list of column names that all differ.",
    remedy: "Begin the file with one row of names; with tabs between them, say --input-format tsv.",
  },
  "source.not_found": {
    cause: "The input file does not exist.",
    remedy: "Mind the path, which is relative to the current folder; - reads the standard input.",
  },
  "source.not_readable": {
    cause: "The input could not be opened, as it is a folder or may not be read.",
    remedy: "Name a file that may be read.",
  },
  "source.other_header": {
    cause: "A CSV file of the input has other columns than the first one, or has them in another order.",
    remedy: "Run files with other columns by themselves.",
  },
  "source.read_failed": {
    cause: "Reading the input failed on the way.",
    remedy: "Look at the device or program that the input comes from, then run again.",
  },
  "usage.invalid": {
    cause: "The command line has an unknown command, an unknown option or a value that does not fit.",
    remedy: "Run the command with --help to see what it takes.",
  },
  "usage.invalid_environment": {
    cause: "An environment variable has a value that Packflow cannot use.",
    remedy: "Set the variable to what the message names, or unset it.",
  },
  "worker.exited": {
    cause: "The process that runs the project's code ended by itself, or ran out of memory.",
    remedy: "See what the project's code does at that event: it must neither exit nor use up the memory.",
  },
  "worker.protocol": {
    cause: "The project's code wrote to the pipe that is there for the worker's own messages.",
    remedy: "Return results from execute; print with console.log, which goes to standard error.",
  },
  "worker.sandbox_unavailable": {
    cause: "This machine cannot isolate the project's code as it was asked to.",
    remedy: "Use another machine or kernel, or --sandbox auto to run with what this machine has.",
  },
  "worker.timeout": {
    cause: "The project's code did not answer in time and was stopped.",
    remedy: "See what the project's code does at that event, or allow more time with --timeout.",
  },
} as const satisfies Record<string, { cause: string; remedy: string }>;

/** A stable error code such as `event.missing_field`. */
export type ErrorCode = keyof typeof ERROR_CODES;
