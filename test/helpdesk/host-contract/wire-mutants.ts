import type { Wire, WireAnswer, WireRequest } from "./meddling-proxy.ts";
import type { PortalMutant, PortalMutants } from "./open-broken.ts";

const wired = (breaks: readonly string[], wire: (brandId: string) => Wire): PortalMutant => ({
	breaks,
	wire,
});

const requesting = (promise: string, request: NonNullable<Wire["request"]>): PortalMutant =>
	wired([promise], () => ({ request }));

const answering = (promise: string, answer: NonNullable<Wire["answer"]>): PortalMutant =>
	wired([promise], () => ({ answer }));

/** Changes the value of each header of this name. */
const withHeader = (
	answer: WireAnswer,
	header: string,
	change: (value: string) => string,
): WireAnswer => ({
	...answer,
	headers: answer.headers.map(([name, value]) => [name, name === header ? change(value) : value]),
});

/** Changes the plugin's cookies, and leaves the helpdesk's own. */
const dressing = (promise: string, change: (cookie: string) => string): PortalMutant =>
	answering(promise, (answer) =>
		withHeader(answer, "set-cookie", (cookie) =>
			cookie.startsWith("probe.") ? change(cookie) : cookie,
		),
	);

const headerOf = ({ headers }: WireAnswer, header: string): string =>
	headers.find(([name]) => name === header)?.[1] ?? "";

const PROOF = /name="_csrf" value="([^"]+)"/;

/** The form with a CSRF field that is right for this browser. */
async function withProof(request: WireRequest, portalUrl: string): Promise<WireRequest> {
	const headers = { cookie: request.headers["cookie"] ?? "" };
	const page = await fetch(`${portalUrl}/login`, { headers });
	const form = new URLSearchParams(request.body);
	form.set("_csrf", PROOF.exec(await page.text())?.[1] ?? "");
	return { ...request, body: form.toString() };
}

const hasProof = ({ body }: WireRequest): boolean => new URLSearchParams(body).has("_csrf");

const SESSION = /portal-acorn=([^;]+)/;

/** The plugin's buttons on one page do not work. */
const withoutProofAt = (page: string): PortalMutant =>
	wired([`The plugin's button on the ${page} page works`], () => ({
		answer: (answer, { path }) =>
			path === `/${page}` ? { ...answer, body: answer.body.replaceAll("_csrf", "_other") } : answer,
	}));

export const WIRE_MUTANTS: PortalMutants = {
	"takes forms without a CSRF field": requesting(
		"A form without the CSRF field reaches no hook",
		(request, portalUrl) =>
			request.method === "POST" && !hasProof(request) ? withProof(request, portalUrl) : request,
	),

	"takes any browser's CSRF field": requesting(
		"A form with another browser's CSRF field reaches no hook",
		(request, portalUrl) =>
			request.method === "POST" && hasProof(request) ? withProof(request, portalUrl) : request,
	),

	"treats HEAD as GET": requesting("A HEAD request reaches no hook", (request) =>
		request.method === "HEAD" ? { ...request, method: "GET" } : request,
	),

	"answers prefetch requests": requesting(
		"A prefetch reaches no hook",
		({ headers: { "sec-purpose": _, ...headers }, ...request }) => ({ ...request, headers }),
	),

	"keeps the session id when a user logs in": wired(
		[
			"Logging in replaces the session id, so that a planted one is worthless",
			"Logging in as another user replaces the session id",
		],
		() => {
			const renewed = new Map<string, string>();
			const newest = (id: string): string => {
				const next = renewed.get(id);
				return next === undefined ? id : newest(next);
			};
			return {
				request: (request) => {
					const cookie = request.headers["cookie"]?.replace(
						SESSION,
						(_, id: string) => `portal-acorn=${newest(id)}`,
					);
					return cookie === undefined
						? request
						: { ...request, headers: { ...request.headers, cookie } };
				},
				answer: (answer, request) => {
					const [, before] = SESSION.exec(request.headers["cookie"] ?? "") ?? [];
					const set = answer.headers.find(
						([name, value]) => name === "set-cookie" && SESSION.test(value),
					);
					const [, after] = SESSION.exec(set?.[1] ?? "") ?? [];
					if (before !== undefined && after !== undefined) {
						renewed.set(before, after);
					}
					return answer;
				},
			};
		},
	),

	"shows cookies of the plugin to scripts": dressing(
		"A cookie of the plugin is hidden from scripts and from other sites",
		(cookie) => cookie.replace("; HttpOnly", ""),
	),

	"sends cookies of the plugin for one path": dressing(
		"A cookie of the plugin is valid for every path of the brand's host and no other host",
		(cookie) => cookie.replace("Path=/", "Path=/login"),
	),

	"keeps cookies of the plugin until the browser is closed": dressing(
		"A cookie of the plugin lives as long as the plugin says",
		(cookie) => cookie.replace("Max-Age=600; ", ""),
	),

	"has one cookie name for all brands": wired(
		[
			"The name of a cookie contains the brand",
			"A cookie of one brand is not sent to another brand",
		],
		(brandId) => ({
			request: (request) => {
				const cookie = request.headers["cookie"]?.replaceAll("probe.any.", `probe.${brandId}.`);
				return cookie === undefined
					? request
					: { ...request, headers: { ...request.headers, cookie } };
			},
			answer: (answer) =>
				withHeader(answer, "set-cookie", (cookie) =>
					cookie.replace(/^probe\.(acorn|harbor)\./, "probe.any."),
				),
		}),
	),

	"demands TLS for cookies where there is none": dressing(
		"A cookie of the plugin needs TLS unless the brand is plain http on loopback",
		(cookie) => `${cookie}; Secure`,
	),

	"deletes no cookie": dressing("A cookie with the age 0 is deleted", (cookie) =>
		cookie.replace("Max-Age=0", "Max-Age=1"),
	),

	"sends visitors away with a 302": answering(
		"A redirect to the portal or to a declared address is a 303",
		(answer) =>
			headerOf(answer, "location").startsWith("https://identity.example")
				? { ...answer, status: 302 }
				: answer,
	),

	"tells other sites where a visitor came from": answering(
		"A redirect is hidden from caches and from other sites",
		(answer) =>
			answer.status === 303 ? withHeader(answer, "referrer-policy", () => "unsafe-url") : answer,
	),

	"lets caches keep pages of the plugin": answering(
		"A page of the plugin is hidden from caches and from other sites",
		(answer) =>
			answer.body.includes("own “markup”")
				? withHeader(answer, "cache-control", () => "max-age=60")
				: answer,
	),

	"puts its CSRF field into the first form only": answering(
		"Every form of a plugin's page gets the CSRF field",
		(answer) => ({
			...answer,
			body: answer.body.replace(
				/(name="second" value="1">)<input type="hidden" name="_csrf" value="[^"]+">/,
				"$1",
			),
		}),
	),

	"lets forms lead only to itself": answering(
		"The content security policy lets forms lead where the manifest says",
		(answer) =>
			withHeader(answer, "content-security-policy", (policy) =>
				policy.replace(" https://identity.example", ""),
			),
	),

	"answers the log-in page with a status that is not 200": answering(
		"The plugin's button on the login page works",
		(answer, { path }) =>
			path === "/login" && answer.body.includes('value="probe"')
				? { ...answer, status: 203 }
				: answer,
	),
	"forgets its CSRF field on the register page": withoutProofAt("register"),
	"forgets its CSRF field on the account page": withoutProofAt("account"),
};
