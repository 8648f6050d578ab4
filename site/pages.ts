/** A page of the site: a Markdown file of the repository, by its path from the repository's folder. */
export interface Page {
  readonly title: string;
  readonly path: string;
}

/** A part of the side bar. */
export interface Section {
  readonly title: string;
  readonly pages: readonly Page[];
}

/** What the site holds, in the order of its side bar. Every Markdown file of docs is in it. */
export const SECTIONS: readonly Section[] = [
  {
    title: "Start",
    pages: [
      { title: "What Packflow is", path: "docs/index.md" },
      { title: "Quick start", path: "docs/quick-start.md" },
      { title: "Installing", path: "docs/install.md" },
      { title: "From a model file to a stream", path: "docs/from-a-model.md" },
      { title: "Coming from the Python packflow", path: "docs/from-python.md" },
    ],
  },
  {
    title: "Projects",
    pages: [
      { title: "Writing a backend", path: "docs/backend.md" },
      { title: "npm packages", path: "docs/npm.md" },
      { title: "Models and devices", path: "docs/devices.md" },
      { title: "Measuring a project", path: "docs/bench.md" },
    ],
  },
  {
    title: "Running",
    pages: [
      { title: "Running a stream", path: "docs/run.md" },
      { title: "Serving over HTTP", path: "docs/serve.md" },
      { title: "Running in production", path: "docs/production.md" },
      { title: "Beyond one machine", path: "docs/scale-out.md" },
      { title: "The pipe contract", path: "docs/pipe.md" },
      { title: "Performance", path: "docs/performance.md" },
      { title: "In a browser", path: "docs/browser.md" },
    ],
  },
  {
    title: "Trust",
    pages: [
      { title: "Packages and trust", path: "docs/trust.md" },
      { title: "Signing packages", path: "docs/signing.md" },
      { title: "The package format", path: "docs/package-format.md" },
      { title: "Security", path: "SECURITY.md" },
    ],
  },
  {
    title: "Reference",
    pages: [
      { title: "Commands", path: "docs/reference/cli.md" },
      { title: "Configuration", path: "docs/reference/configuration.md" },
      { title: "Errors", path: "docs/reference/errors.md" },
    ],
  },
  {
    title: "Inside",
    pages: [
      { title: "Architecture", path: "ARCHITECTURE.md" },
      { title: "Contributing", path: "CONTRIBUTING.md" },
      { title: "Decisions", path: "docs/decisions/index.md" },
      { title: "Changelog", path: "CHANGELOG.md" },
    ],
  },
];

/** Every page of the site. */
export const PAGES: readonly Page[] = SECTIONS.flatMap(({ pages }) => pages);
