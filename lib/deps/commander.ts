/** The command line: https://github.com/tj/commander.js (MIT), with inferred option types. */
export {
  Command,
  CommanderError,
  type CommandUnknownOpts,
  InvalidArgumentError,
  Option,
} from "npm:@commander-js/extra-typings@15.1.0";
