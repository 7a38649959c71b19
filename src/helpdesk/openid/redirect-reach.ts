import type { HttpFailureReason } from "../../contract/http.ts";
import type { PublicHttp } from "../../ports/public-http.ts";

const WHY: Readonly<Record<HttpFailureReason, string | undefined>> = {
	dns: "its host name has no address",
	tls: "it has no certificate that is trusted, or does not speak TLS",
	timeout: "it did not answer within three seconds",
	reset: "nothing answers there",
	// An answer is an answer.
	"too-large": undefined,
};

/**
 * Asks whether somebody answers at redirect URIs, whatever the answer is. Addresses outside the internet count as reachable:
 * browsers may reach them, and this helpdesk must not look.
 *
 * @returns a sentence about the first one that cannot be reached; undefined when there is none.
 */
export async function unreachableRedirect(
	http: Pick<PublicHttp, "send">,
	redirectUris: readonly string[],
): Promise<string | undefined> {
	const onePerOrigin = new Map(redirectUris.map((uri) => [new URL(uri).origin, uri]));
	const problems = await Promise.all(
		[...onePerOrigin.values()].map(async (uri) => {
			const answer = await http.send({ method: "GET", url: uri, headers: {} });
			const why = answer.kind === "failure" ? WHY[answer.reason] : undefined;
			return (
				why &&
				`Redirect URI: ${uri} cannot be reached: ${why}. Correct it, or connect the helpdesk anyway.`
			);
		}),
	);
	return problems.find((problem) => problem !== undefined);
}
