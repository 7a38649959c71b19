import { BlockList, isIP } from "node:net";
import { isRefusedPort } from "../../contract/refused-ports.ts";
import { type FixedBrand, fixedBrands } from "../../helpdesk/brands/brand-addresses.ts";
import type { ConfiguredHandOff } from "../../helpdesk/hand-off/hand-off-helpdesks.ts";
import type { ConfiguredHelpdesk } from "../../helpdesk/openid/connected-helpdesks.ts";
import { MOST_CONNECTIONS } from "../../helpdesk/web/listen.ts";
import { CommandError } from "../command-error.ts";
import { readFlags } from "../flags.ts";
import { commandLine, masked } from "../masked.ts";
import { type BrandsOption, readBrandsOption } from "./brand-options.ts";
import { refuseUncalled } from "./connected-helpdesks-option.ts";
import { readHelpdesksFile } from "./hand-off-option.ts";
import { readBrandUrl, readOrigin } from "./origin-option.ts";
import { readPrivateHost } from "./private-host-option.ts";
import { isPublicAddress, refuseAddressOfBrand, refuseSharedAddress } from "./public-address.ts";
import { type Given, readSecretOption, SURROUNDINGS, type Surroundings } from "./secret-option.ts";
import { readSmtpOption, type SmtpOption } from "./smtp-option.ts";
import { defaultStorage, readStorageOption, type StorageOption } from "./storage-option.ts";

export interface StartOptions extends BrandsOption {
	readonly port: number;
	/** The origin of the administration. Undefined: it is beside the portal of the first brand. */
	readonly adminBaseUrl: string | undefined;
	readonly data: string;
	readonly storage: StorageOption;
	readonly keyFile: string;
	/** The address of X. Undefined: the fake X is started with the helpdesk. */
	readonly xBaseUrl: string | undefined;
	/** Whether a brand may be served where strangers may reach it. Nobody may log in there at a fake X. */
	readonly mayBePublic: boolean;
	/** The mail server. Undefined: letters stay in Outgoing e-mail of the administration. */
	readonly smtp: SmtpOption | undefined;
	/** How many log-ins one network may start in a minute. 0: no limit. */
	readonly startLimit: number;
	readonly trustedProxies: BlockList;
	/** The hosts of connected helpdesks that may have a private address and may be called without TLS. */
	readonly allowPrivate: readonly string[];
	/** The helpdesks that the start connects. */
	readonly connectedHelpdesks: readonly ConfiguredHelpdesk[];
	/** The helpdesks that take a signed token and that the start connects. */
	readonly handOffs: readonly ConfiguredHandOff[];
	/** Whether browsers use TLS for the host names below a brand's, too. */
	readonly hstsSubdomains: boolean;
	/** How many connections each brand has open at once. */
	readonly maxConnections: number;
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

/** The flags of `start`, without dashes. */
export const START_FLAGS = {
	port: { type: "string" },
	data: { type: "string" },
	storage: { type: "string" },
	"storage-file": { type: "string" },
	brand: { type: "string", multiple: true },
	"brands-file": { type: "string" },
	"base-url": { type: "string", multiple: true },
	"admin-base-url": { type: "string" },
	"key-file": { type: "string" },
	"x-base-url": { type: "string" },
	"fake-x": { type: "boolean" },
	smtp: { type: "string" },
	"smtp-file": { type: "string" },
	"start-limit": { type: "string" },
	"trust-proxy": { type: "string", multiple: true },
	"allow-private": { type: "string", multiple: true },
	"connected-helpdesks-file": { type: "string" },
	"hsts-subdomains": { type: "boolean" },
	"max-connections": { type: "string" },
	marketplace: { type: "string" },
	"trust-publisher": { type: "string", multiple: true },
	watch: { type: "boolean" },
	json: { type: "boolean" },
} as const;

/** @throws CommandError about the first wrong flag, with the right line where there is one. */
export function readStartOptions(
	args: readonly string[],
	surroundings: Surroundings = SURROUNDINGS,
): StartOptions {
	const { values: flags, positionals: folders } = readFlags(args, START_FLAGS);
	const data = flags.data ?? ".helpdesk";
	const given = { ...surroundings, args };
	const storage = readSecretOption("storage", flags, given);
	const smtp = readSecretOption("smtp", flags, given);
	const brands = readBrandsOption(flags, given);
	const helpdesksFile = flags["connected-helpdesks-file"];
	const xBaseUrl =
		flags["x-base-url"] === undefined ? undefined : readXBaseUrl(flags["x-base-url"]);
	const options: StartOptions = {
		...brands,
		adminBaseUrl: readAdminBaseUrl(flags["admin-base-url"]),
		port: readPort(flags.port ?? DEFAULT_PORT, fixedBrands(brands)),
		data,
		storage: storage ? readStorageOption(storage.value, storage) : defaultStorage(data),
		keyFile: flags["key-file"] ?? `${data}/key`,
		xBaseUrl,
		mayBePublic: flags["fake-x"] === true || (xBaseUrl !== undefined && isPublicAddress(xBaseUrl)),
		smtp: smtp && readSmtpOption(smtp),
		startLimit: readStartLimit(flags["start-limit"] ?? DEFAULT_START_LIMIT),
		trustedProxies: readTrustedProxies(flags["trust-proxy"] ?? []),
		allowPrivate: (flags["allow-private"] ?? []).map(readPrivateHost),
		...(helpdesksFile
			? readHelpdesksFile(helpdesksFile, given)
			: { connectedHelpdesks: [], handOffs: [] }),
		hstsSubdomains: flags["hsts-subdomains"] ?? false,
		maxConnections: readMaxConnections(flags["max-connections"] ?? String(MOST_CONNECTIONS)),
		marketplace: flags.marketplace ?? `${data}/marketplace`,
		trustedPublishers: flags["trust-publisher"] ?? [],
		watch: readWatch(flags.watch ?? false, folders),
		json: flags.json ?? false,
	};
	refuseSharedAddress(fixedBrands(brands), options.port);
	refuseAddressOfBrand(options.adminBaseUrl, fixedBrands(brands), options.port);
	refuseUncalled(helpdesksFile ?? "", options.connectedHelpdesks, options.allowPrivate);
	refuseFakeXInPublic(options, flags["fake-x"] ?? false, given);
	return options;
}

/** At the fake X everybody logs in as anybody. */
function refuseFakeXInPublic(
	options: StartOptions,
	isWanted: boolean,
	{ command, args }: Pick<Given, "command" | "args">,
): void {
	const { xBaseUrl, mayBePublic } = options;
	// The real X is neither on this machine nor at a reserved name.
	const isLocal = xBaseUrl !== undefined && !isPublicAddress(xBaseUrl);
	if (xBaseUrl !== undefined && isWanted && !isLocal) {
		throw new CommandError("--fake-x and --x-base-url are both given; give one of them");
	}
	const addresses = fixedBrands(options).flatMap(({ url }) => url ?? []);
	const open = addresses.find(isPublicAddress);
	if (!mayBePublic && open !== undefined) {
		const fake = isLocal ? `the X at ${xBaseUrl} is a fake one, and` : "the fake X";
		// Of two addresses of X, the last counts.
		throw new CommandError(
			`${fake} would stand beside ${open}, where everybody could log in as anybody. Use the real X, or, if you only try this out, ask for the fake one:\n\n  ${commandLine(command, [...args, "--x-base-url", "https://api.x.com"])}\n  ${commandLine(command, [...args, "--fake-x"])}\n`,
		);
	}
}

function readWatch(isWatching: boolean, folders: readonly string[]): string | undefined {
	const [folder = "", ...others] = folders;
	const surplus = isWatching ? others : folders;
	if (surplus.length > 0) {
		throw new CommandError(
			`${JSON.stringify(masked(surplus[0] ?? ""))} is unexpected; only --watch takes a folder (--help lists the flags)`,
		);
	}
	return isWatching ? folder : undefined;
}

/** @param brands those that listen on this port and the following ones. */
function readPort(value: string, brands: readonly FixedBrand[]): number {
	const port = Number(value);
	const { length } = brands;
	if (!/^\d{1,5}$/.test(value) || port + length - 1 > 65535) {
		throw new CommandError(
			`--port ${masked(value)} is not a port; give a number from 1 to ${65536 - length}, or 0 for free ports`,
		);
	}
	// Behind a proxy, browsers open the port of the proxy.
	const refused = brands.findIndex(
		({ url }, index) => url === undefined && port !== 0 && isRefusedPort(port + index),
	);
	if (refused !== -1) {
		throw new CommandError(
			`--port ${masked(value)} gives the brand ${brands[refused]?.id} the port ${port + refused}, and browsers open no page there; give another port, such as ${DEFAULT_PORT}, or the address of the brand behind a proxy with --base-url`,
		);
	}
	return port;
}

function readStartLimit(value: string): number {
	if (!/^\d{1,6}$/.test(value)) {
		throw new CommandError(
			`--start-limit ${masked(value)} is not a number of log-ins a minute; give 1 to 999999, or 0 for no limit`,
		);
	}
	return Number(value);
}

function readMaxConnections(value: string): number {
	if (!/^[1-9]\d{0,5}$/.test(value)) {
		throw new CommandError(
			`--max-connections ${masked(value)} is not a number of connections; give 1 to 999999`,
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
				`--trust-proxy ${masked(value)} is not an address or range such as 10.0.0.0/8`,
			);
		}
		proxies.addSubnet(address, Number(length ?? bits), version === 4 ? "ipv4" : "ipv6");
	}
	return proxies;
}

function readAdminBaseUrl(value: string | undefined): string | undefined {
	return value === undefined ? undefined : readBrandUrl("--admin-base-url", value);
}

/** Reads an origin with https, or with http on loopback: keys, tokens and session cookies are sent there. */
function readXBaseUrl(value: string): string {
	return readOrigin("--x-base-url", value);
}
