import type { ConnectionOptions } from "node:tls";
import {
	type CertificateCheck,
	type OtherUrls,
	TLS_FILES,
	tlsOptions,
	withUrls,
} from "./server-tls.ts";
import type { ServerUrl } from "./server-url.ts";

/** Parameters of libpq, and those that the client `pg` has beside them. */
export const POSTGRES_TLS_PARAMETERS = [
	"sslmode",
	...TLS_FILES,
	"ssl",
	"sslnegotiation",
	"uselibpqcompat",
] as const;

const CHECKS: ReadonlyMap<string, CertificateCheck> = new Map([
	["no-verify", "nothing"],
	["require", "nothing"],
	["verify-ca", "certificate"],
	["verify-full", "name"],
]);

/** Other ways to say it in a URL of the client `pg`. */
const MODES_OF_SSL: ReadonlyMap<string, string> = new Map([
	["true", "verify-full"],
	["1", "verify-full"],
	["no-verify", "no-verify"],
	["0", "disable"],
]);

/**
 * How to use TLS, by libpq's `sslmode`. Off this machine it is `verify-full` unless the URL says otherwise. As in libpq,
 * `require` with a `sslrootcert` checks the certificate by it, and a Unix socket has no TLS.
 *
 * @returns undefined where the URL says nothing about a server on this machine; false for no TLS.
 * @throws Error with one sentence that names the URL to give instead, for a mode that protects nothing.
 */
export async function postgresTls(
	server: ServerUrl,
): Promise<ConnectionOptions | false | undefined> {
	const { host, isLocal, tls, shown } = server;
	if (host.startsWith("/")) {
		return false;
	}
	const hasFiles = TLS_FILES.some((name) => tls.has(name));
	const byDefault = isLocal && !hasFiles ? undefined : "verify-full";
	const mode = tls.get("sslmode") ?? modeOfSsl(tls.get("ssl")) ?? byDefault;
	if (mode === undefined || mode === "disable") {
		return mode === undefined ? undefined : false;
	}
	const authority = tls.get("sslrootcert");
	const instead = shown({ parameters: { ssl: undefined, sslmode: "verify-full" } });
	const check = CHECKS.get(mode);
	if (check === undefined) {
		const error = new Error(
			`the sslmode of the storage URL is none that keeps others from reading along; give ${instead}, or the sslmode verify-ca, require or disable`,
		);
		throw withUrls(error, instead);
	}
	const isPublic = authority === undefined || authority === "system";
	if (mode === "verify-ca" && isPublic) {
		const error = new Error(
			`the storage URL has sslmode=verify-ca without an authority of your own, so that anybody with a certificate could answer; give ${instead}, or name the file of the authority in sslrootcert`,
		);
		throw withUrls(error, instead);
	}
	const named = isPublic ? "name" : "certificate";
	return tlsOptions(server, mode === "require" && authority !== undefined ? named : check);
}

export function otherPostgresUrls({ shown }: ServerUrl): OtherUrls {
	const urlWith = (sslmode: string, sslrootcert?: string): string =>
		shown({ parameters: { ssl: undefined, sslmode, sslrootcert } });
	return {
		withoutTls: urlWith("disable"),
		withAuthority: urlWith("verify-full", "FILE"),
		unchecked: urlWith("require"),
	};
}

/** A value that nobody knows is no mode. */
function modeOfSsl(value: string | undefined): string | undefined {
	return value === undefined ? undefined : (MODES_OF_SSL.get(value) ?? "unknown");
}
