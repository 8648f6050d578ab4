import { testCompletion } from "../helpers/shell_completion.ts";

testCompletion("fish");
