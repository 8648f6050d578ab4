/** Turns CommonJS into ES modules for the bundler: https://github.com/rollup/plugins (MIT). Loaded on first use only. */
import plugin from "npm:@rollup/plugin-commonjs@29.0.3";

// Its types describe the build for `require`, where the function lies one level deeper.
export const commonjs = plugin as unknown as typeof plugin.default;
