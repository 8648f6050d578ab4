import { main } from "./lib/cli/main.ts";
import { args, exit } from "./lib/host/process.ts";

exit(await main(args()));
