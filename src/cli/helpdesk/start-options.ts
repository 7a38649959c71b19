import { BlockList, isIP } from "node:net";
import { parseArgs } from "node:util";
import { STANDALONE_BRANDS } from "../../helpdesk/brands.ts";
import { CommandError } from "../command-error.ts";
import { readStorageOption, type StorageOption } from "./storage-option.ts";

export interface StartOptions {
	readonly port: number;
	readonly data: string;
	readonly storage: StorageOption;
	readonly baseUrls: ReadonlyMap<string, string>;
	readonly keyFile: string;
	/** The address of X. Undefined: the fake X is started with the helpdesk. */
	readonly xBaseUrl: string | undefined;
	/** The mail server and the sender. Undefined: e-mails stay in the mailbox of the administration. */
	readonly smtp: { readonly url: string; readonly from: string } | undefined;
	/** How many log-ins one network may start in a minute. 0: no limit. */
	readonly startLimit: number;
	readonly trustedProxies: BlockList;
	/** The folder with the packages that operators may install. */
	readonly marketplace: string;
	/** The files with the public keys of trusted publishers. If there are any, only packages that they signed can be installed. */
	readonly trustedPublishers: readonly string[];
	/** The folder of a plugin that is being developed. Undefined: the built X plugin runs. */
	readonly watch: string | undefined;
	readonly json: boolean;
}

const DEFAULT_PORT = "8080";
const DEFAULT_START_LIMIT = "30";

/** @throws CommandError with one sentence about the first wrong flag. */
export function readStartOptions(args: readonly string[]): StartOptions {
	const { values: flags, positionals: folders } = parse(args);
	const data = flags.data ?? ".helpdesk";
	return {
		port: readPort(flags.port ?? DEFAULT_PORT),
		data,
		storage: readStorageOption(flags.storage ?? `sqlite:${data}/helpdesk.sqlite`),
		baseUrls: new Map((flags["base-url"] ?? []).map(readBaseUrl)),
		keyFile: flags["key-file"] ?? `${data}/key`,
		xBaseUrl: flags["x-base-url"] === undefined ? undefined : readXBaseUrl(flags["x-base-url"]),
		smtp: flags.smtp === undefined ? undefined : readSmtp(flags.smtp),
		startLimit: readStartLimit(flags["start-limit"] ?? DEFAULT_START_LIMIT),
		trustedProxies: readTrustedProxies(flags["trust-proxy"] ?? []),
		marketplace: flags.marketplace ?? `${data}/marketplace`,
		trustedPublishers: flags["trust-publisher"] ?? [],
		watch: readWatch(flags.watch ?? false, folders),
		json: flags.json ?? false,
	};
}

function parse(args: readonly string[]) {
	try {
		return parseArgs({
			args: [...args],
			options: {
				port: { type: "string" },
				data: { type: "string" },
				storage: { type: "string" },
				"base-url": { type: "string", multiple: true },
				"key-file": { type: "string" },
				"x-base-url": { type: "string" },
				smtp: { type: "string" },
				"start-limit": { type: "string" },
				"trust-proxy": { type: "string", multiple: true },
				marketplace: { type: "string" },
				"trust-publisher": { type: "string", multiple: true },
				watch: { type: "boolean" },
				json: { type: "boolean" },
			},
			allowPositionals: true,
		});
	} catch (cause) {
		const [sentence] = cause instanceof Error ? cause.message.split("\n") : [];
		throw new CommandError(`${sentence} (--help lists the flags)`, { cause });
	}
}

function readWatch(isWatching: boolean, folders: readonly string[]): string | undefined {
	const [folder = "", ...others] = folders;
	const surplus = isWatching ? others : folders;
	if (surplus.length > 0) {
		throw new CommandError(
			`${JSON.stringify(surplus[0])} is unexpected; only --watch takes a folder (--help lists the flags)`,
		);
	}
	return isWatching ? folder : undefined;
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

/** `smtp://user:password@host:port?from=help@example.com`. The sender may be left out. The URL may hold a password. */
function readSmtp(value: string): { url: string; from: string } {
	const url = URL.canParse(value) ? new URL(value) : undefined;
	if (url === undefined || !/^smtps?:$/.test(url.protocol) || url.hostname === "") {
		throw new CommandError(
			"--smtp is not a mail server such as smtp://user:password@mail.example.com:587?from=help@example.com",
		);
	}
	const from = url.searchParams.get("from") ?? `no-reply@${url.hostname}`;
	url.searchParams.delete("from");
	return { url: url.href, from };
}

function readStartLimit(value: string): number {
	if (!/^\d{1,6}$/.test(value)) {
		throw new CommandError(
			`--start-limit ${value} is not a number of log-ins a minute; give 1 to 999999, or 0 for no limit`,
		);
	}
	return Number(value);
}

function readTrustedProxies(values: readonly string[]): BlockList {
	const proxies = new BlockList();
	for (const value of values) {
		const [address = "", length] = value.split("/");
		const version = isIP(address);
		const bits = version === 4 ? 32 : 128;
		if (
			version === 0 ||
			(length !== undefined && !/^\d{1,3}$/.test(length)) ||
			Number(length ?? bits) > bits
		) {
			throw new CommandError(
				`--trust-proxy ${value} is not an address or range such as 10.0.0.0/8`,
			);
		}
		proxies.addSubnet(address, Number(length ?? bits), version === 4 ? "ipv4" : "ipv6");
	}
	return proxies;
}

function readBaseUrl(value: string): [string, string] {
	const [brandId = "", url = ""] = value.split(/=(.*)/s);
	const known = STANDALONE_BRANDS.map(({ id }) => id);
	if (!known.some((id) => id === brandId)) {
		throw new CommandError(
			`--base-url ${value} names no brand; the brands are ${known.join(", ")}`,
		);
	}
	return [brandId, readOrigin("--base-url", url)];
}

/** Reads an origin with https, or with http on loopback: keys, tokens and session cookies are sent there. */
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
