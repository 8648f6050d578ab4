/** Questions on a terminal: https://bomb.sh/docs/clack (MIT). Loaded on first use only. */
export { isCancel, select, text } from "npm:@clack/prompts@1.9.0";
