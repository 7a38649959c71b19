import { readFile } from "node:fs/promises";
import { isIP } from "node:net";
import { type ConnectionOptions, checkServerIdentity } from "node:tls";
import { engineError } from "./engine-error.ts";
import type { ServerUrl } from "./server-url.ts";

/** The parameters of a URL that name files in PEM: the certificates of authorities, the client's own and its key. */
export const TLS_FILES = ["sslrootcert", "sslcert", "sslkey"] as const;

/** What a client checks of a server's certificate: `name` is the certificate and its name. */
export type CertificateCheck = "nothing" | "certificate" | "name";

/** URLs to give instead of one whose server has no TLS, or no certificate that is trusted. */
export interface OtherUrls {
	readonly withoutTls: string;
	readonly withAuthority: string;
	/** Undefined where the client checks every certificate. */
	readonly unchecked?: string;
}

/**
 * The options of a TLS connection. Without `sslrootcert`, or with `sslrootcert=system`, the authorities are those that
 * Node.js trusts.
 *
 * @throws Error with one sentence when a file cannot be read.
 */
export async function tlsOptions(
	{ host, tls }: ServerUrl,
	check: CertificateCheck,
): Promise<ConnectionOptions> {
	const [ca, cert, key] = await Promise.all(
		TLS_FILES.map(async (name) => {
			const path = tls.get(name);
			return path === undefined || path === "system" ? undefined : readPem(name, path);
		}),
	);
	return {
		...(ca !== undefined && { ca }),
		...(cert !== undefined && { cert }),
		...(key !== undefined && { key }),
		...(isIP(host) === 0 && { servername: host }),
		rejectUnauthorized: check !== "nothing",
		checkServerIdentity: check === "name" ? checkServerIdentity : () => undefined,
	};
}

async function readPem(name: string, path: string): Promise<string> {
	try {
		return await readFile(path, "utf8");
	} catch (cause) {
		throw new Error(`the file that the storage URL names as ${name} cannot be read`, { cause });
	}
}

/** Adds the URLs to give instead of one that an error is about, with `***` for the password, to the error. */
export function withUrls<Refusal extends Error>(
	error: Refusal,
	...insteadUrls: readonly string[]
): Refusal & { readonly insteadUrls: readonly string[] } {
	return Object.assign(error, { insteadUrls });
}

/** The error of a connection that failed for TLS, with what to do; undefined for any other error. */
export function tlsError(engine: string, cause: unknown, urls: OtherUrls): Error | undefined {
	const message = cause instanceof Error ? cause.message : String(cause);
	const code = String((cause as { readonly code?: unknown } | undefined)?.code);
	if (code === "ERR_SSL_WRONG_VERSION_NUMBER" || message.includes("does not support SSL")) {
		const error = new Error(
			`it offers no TLS, so that everybody on the way could read the password and all data; switch TLS on there, or give the storage URL ${urls.withoutTls} if nobody else is on the way`,
		);
		return withUrls(engineError(engine, error), urls.withoutTls);
	}
	if (/CERT|^UNABLE_TO_/.test(code)) {
		const unchecked =
			urls.unchecked === undefined
				? ""
				: `, or ${urls.unchecked} to encrypt without knowing who answers`;
		const error = new Error(
			`its certificate is not trusted (${message}); renew it, or give the storage URL ${urls.withAuthority} with the file of its authority${unchecked}`,
		);
		return withUrls(engineError(engine, error), urls.unchecked ?? urls.withAuthority);
	}
	return undefined;
}
