import type { Library } from "./make-provider.ts";

/** What the library prints when it is loaded by Node.js 20, on which our tests run as well. */
const NOTICE = "oidc-provider WARNING: Unsupported runtime";

let loading: Promise<Library> | undefined;

/** Loads the library, without the notice that it would print to the terminal. */
export function loadLibrary(): Promise<Library> {
	loading ??= load();
	return loading;
}

async function load(): Promise<Library> {
	const { warn } = console;
	console.warn = (...words: unknown[]) => {
		if (!String(words[0]).includes(NOTICE)) {
			warn(...words);
		}
	};
	try {
		return await import("oidc-provider");
	} finally {
		console.warn = warn;
	}
}
