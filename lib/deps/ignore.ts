/** `.gitignore` patterns as git reads them: https://github.com/kaelzhang/node-ignore (MIT). */
export { default as ignore, type Ignore } from "npm:ignore@7.0.16";
