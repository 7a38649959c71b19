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

/** What keeps a connected helpdesk from being told. */
export interface UntoldProblem {
	/** A sentence that names the field. */
	readonly sentence: string;
	/** Whether that may change by itself, because nobody answers there now. */
	readonly mayPass: boolean;
}

/**
 * Asks whether this process may call a back-channel log-out URI, and whether somebody answers there, whatever the answer is.
 *
 * @returns undefined when all is well.
 */
export async function untoldProblem(
	http: Pick<PublicHttp, "send">,
	uri: string,
): Promise<UntoldProblem | undefined> {
	const answer = await http.send({ method: "GET", url: uri, headers: {} });
	if (answer.kind === "refused") {
		return { sentence: outsideSentence(uri), mayPass: false };
	}
	const why = answer.kind === "failure" ? WHY[answer.reason] : undefined;
	const sentence = `Back-channel log-out URI: ${uri} cannot be reached: ${why}. Correct it, or connect the helpdesk anyway.`;
	return why === undefined ? undefined : { sentence, mayPass: true };
}

/** Says that this process does not call a back-channel log-out URI, because it is not on the internet. */
export function outsideSentence(uri: string): string {
	return `Back-channel log-out URI: ${uri} is not on the internet, and only the internet is called. Start with --allow-private ${new URL(uri).hostname}, or leave the field out.`;
}

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
	const [first] = await unreachableUris(http, redirectUris);
	return (
		first &&
		`Redirect URI: ${first.uri} cannot be reached: ${first.why}. Correct it, or connect the helpdesk anyway.`
	);
}

/** Those of redirect URIs that nobody answers at, one for each host, as {@link unreachableRedirect} asks. */
export async function unreachableUris(
	http: Pick<PublicHttp, "send">,
	redirectUris: readonly string[],
): Promise<readonly { readonly uri: string; readonly why: string }[]> {
	const onePerOrigin = new Map(redirectUris.map((uri) => [new URL(uri).origin, uri]));
	const problems = await Promise.all(
		[...onePerOrigin.values()].map(async (uri) => {
			const answer = await http.send({ method: "GET", url: uri, headers: {} });
			const why = answer.kind === "failure" ? WHY[answer.reason] : undefined;
			return why === undefined ? [] : [{ uri, why }];
		}),
	);
	return problems.flat();
}
