/** Schemas: https://zod.dev (MIT). */
export { z } from "npm:zod@4.6.7";
