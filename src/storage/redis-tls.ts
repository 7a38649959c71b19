import type { ConnectionOptions } from "node:tls";
import { type OtherUrls, TLS_FILES, tlsOptions, withUrls } from "./server-tls.ts";
import type { ServerUrl } from "./server-url.ts";

export const REDIS_TLS_PARAMETERS = ["tls", ...TLS_FILES] as const;

/**
 * How to use TLS: `rediss:` means TLS, `redis:` does not. Off this machine, `redis:` needs `?tls=off`.
 *
 * @returns undefined for no TLS.
 * @throws Error with one sentence that names the URL to give instead.
 */
export async function redisTls(server: ServerUrl): Promise<ConnectionOptions | undefined> {
	const { href, isLocal, tls } = server;
	const { withTls, withoutTls } = otherRedisUrls(server);
	const isTls = href.startsWith("rediss:");
	const said = tls.get("tls");
	if (said !== undefined && (isTls || said !== "off")) {
		const error = new Error(
			`the storage URL may only say tls=off, and only with redis:, because rediss: is TLS; give ${withTls} or ${withoutTls}`,
		);
		throw withUrls(error, withTls, withoutTls);
	}
	if (isTls) {
		return tlsOptions(server, "name");
	}
	if (!isLocal && said === undefined) {
		const error = new Error(
			`the storage URL leads to another machine without TLS, so that everybody on the way could read the password and all data; give ${withTls}, or ${withoutTls} if nobody else is on the way`,
		);
		throw withUrls(error, withTls, withoutTls);
	}
	return undefined;
}

export function otherRedisUrls({ shown }: ServerUrl): OtherUrls & { readonly withTls: string } {
	return {
		withTls: shown({ scheme: "rediss", parameters: { tls: undefined } }),
		withoutTls: shown({ scheme: "redis", parameters: { tls: "off", sslrootcert: undefined } }),
		withAuthority: shown({ scheme: "rediss", parameters: { sslrootcert: "FILE" } }),
	};
}
