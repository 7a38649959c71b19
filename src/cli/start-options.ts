import { parseArgs } from "node:util";
import { STANDALONE_BRANDS } from "../hosts/standalone/standalone-brands.ts";
import { CommandError } from "./command-error.ts";

export interface StartOptions {
	readonly port: number;
	readonly data: string;
	readonly storage:
		| { readonly kind: "memory" }
		| { readonly kind: "sqlite"; readonly path: string };
	readonly baseUrls: ReadonlyMap<string, string>;
	readonly keyFile: string;
	/** Another X; undefined: the fake X is started beside the helpdesk. */
	readonly xBaseUrl: string | undefined;
	readonly json: boolean;
}

const DEFAULT_PORT = "8080";

/** @throws CommandError in one sentence for the first flag that is wrong. */
export function readStartOptions(args: readonly string[]): StartOptions {
	const flags = parse(args);
	const data = flags.data ?? ".helpdesk";
	return {
		port: readPort(flags.port ?? DEFAULT_PORT),
		data,
		storage: readStorage(flags.storage ?? `sqlite:${data}/helpdesk.sqlite`),
		baseUrls: new Map((flags["base-url"] ?? []).map(readBaseUrl)),
		keyFile: flags["key-file"] ?? `${data}/key`,
		xBaseUrl: flags["x-base-url"] === undefined ? undefined : readXBaseUrl(flags["x-base-url"]),
		json: flags.json ?? false,
	};
}

function parse(args: readonly string[]) {
	try {
		const { values } = parseArgs({
			args: [...args],
			options: {
				port: { type: "string" },
				data: { type: "string" },
				storage: { type: "string" },
				"base-url": { type: "string", multiple: true },
				"key-file": { type: "string" },
				"x-base-url": { type: "string" },
				json: { type: "boolean" },
			},
		});
		return values;
	} catch (cause) {
		const [sentence] = cause instanceof Error ? cause.message.split("\n") : [];
		throw new CommandError(`start: ${sentence}`, { cause });
	}
}

function readPort(value: string): number {
	const port = Number(value);
	if (!/^\d{1,5}$/.test(value) || port + STANDALONE_BRANDS.length - 1 > 65535) {
		throw new CommandError(
			`--port ${value} is not a port; give a number from 1 to 65534, or 0 for free ports`,
		);
	}
	return port;
}

function readStorage(value: string): StartOptions["storage"] {
	if (value === "memory:") {
		return { kind: "memory" };
	}
	const [, path] = /^sqlite:(.+)$/.exec(value) ?? [];
	if (path === undefined) {
		throw new CommandError("--storage is neither memory: nor sqlite:PATH");
	}
	return { kind: "sqlite", path };
}

function readBaseUrl(value: string): [string, string] {
	const [brandId = "", url = ""] = value.split(/=(.*)/s);
	const known = STANDALONE_BRANDS.map(({ id }) => id);
	if (!known.some((id) => id === brandId)) {
		throw new CommandError(`--base-url ${value}: the brands are ${known.join(", ")}`);
	}
	return [brandId, readOrigin("--base-url", url)];
}

/** https, or http on loopback: keys, tokens and session cookies go there. */
function readXBaseUrl(value: string): string {
	return readOrigin("--x-base-url", value);
}

function readOrigin(flag: string, value: string): string {
	const url = URL.canParse(value) ? new URL(value) : undefined;
	const loopback =
		url !== undefined && /^(localhost|127\.\d+\.\d+\.\d+|\[::1\])$/.test(url.hostname);
	const safe = url?.protocol === "https:" || (url?.protocol === "http:" && loopback);
	if (url === undefined || !safe || !["", "/"].includes(value.slice(url.origin.length))) {
		throw new CommandError(
			`${flag} ${value} is not an origin such as https://help.example.com (plain http only on loopback, no path)`,
		);
	}
	return url.origin;
}
