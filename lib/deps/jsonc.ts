/** JSON with comments, parsed with positions: https://github.com/microsoft/node-jsonc-parser (MIT). */
export {
  findNodeAtLocation,
  type Node,
  type ParseError,
  parseTree,
  printParseErrorCode,
} from "npm:jsonc-parser@3.3.1";
