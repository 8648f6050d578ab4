/** The command line: https://github.com/tj/commander.js (MIT), with inferred option types. */
// @ts-types="npm:@commander-js/extra-typings@15.1.0"
export {
  Argument,
  Command,
  CommanderError,
  type CommandUnknownOpts,
  InvalidArgumentError,
  Option,
} from "npm:commander@15.1.0";
