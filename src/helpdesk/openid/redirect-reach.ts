import type { HttpFailureReason } from "../../contract/http.ts";
import type { PublicHttp } from "../../ports/public-http.ts";
import type { Message, TextKey } from "../locale/locale.ts";
import { problemWith } from "./presets/connection-error.ts";

const WHY: Readonly<Record<HttpFailureReason, TextKey | undefined>> = {
	dns: "helpdesk.unreachable.dns",
	tls: "helpdesk.unreachable.tls",
	timeout: "helpdesk.unreachable.timeout",
	reset: "helpdesk.unreachable.reset",
	// An answer is an answer.
	"too-large": undefined,
};

/** What keeps a connected helpdesk from being told. */
export interface UntoldProblem {
	/** A sentence that names the field. */
	readonly sentence: Message;
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
	return why === undefined
		? undefined
		: { sentence: unreachable({ key: "helpdesk.form.back-channel" }, uri, why), mayPass: true };
}

/** Says that this process does not call a back-channel log-out URI, because it is not on the internet. */
export function outsideSentence(uri: string): Message {
	const flag = `--allow-private ${new URL(uri).hostname}`;
	const problem: Message = { key: "helpdesk.problem.not-called", values: { url: uri, flag } };
	return problemWith({ key: "helpdesk.form.back-channel" }, problem);
}

function unreachable(label: Message, url: string, why: TextKey): Message {
	const values = { url, why: { key: why } };
	return problemWith(label, { key: "helpdesk.problem.unreachable", values });
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
): Promise<Message | undefined> {
	const [first] = await unreachableUris(http, redirectUris);
	return first && unreachable({ key: "helpdesk.label.redirect-uri" }, first.uri, first.why);
}

/** Those of redirect URIs that nobody answers at, one for each host, as {@link unreachableRedirect} asks. */
export async function unreachableUris(
	http: Pick<PublicHttp, "send">,
	redirectUris: readonly string[],
): Promise<readonly { readonly uri: string; readonly why: TextKey }[]> {
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
