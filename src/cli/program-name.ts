import { basename } from "node:path";

/** How the person who runs the command wrote its name: npm installs it under a name of its own. */
export const PROGRAM_NAME =
	basename(process.argv[1] ?? "") === "x-login" ? "npx x-login" : "node dist/cli.mjs";
