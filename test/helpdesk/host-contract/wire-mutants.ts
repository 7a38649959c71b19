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
	wired([`shows the plugin's button on the ${page} page, and it works`], () => ({
		answer: (answer, { path }) =>
			path === `/${page}` ? { ...answer, body: answer.body.replaceAll("_csrf", "_other") } : answer,
	}));

export const WIRE_MUTANTS: PortalMutants = {
	"takes forms without a CSRF field": requesting(
		"calls no hook for a form without its CSRF field",
		(request, portalUrl) =>
			request.method === "POST" && !hasProof(request) ? withProof(request, portalUrl) : request,
	),

	"takes any browser's CSRF field": requesting(
		"calls no hook for a form with the CSRF field of another browser",
		(request, portalUrl) =>
			request.method === "POST" && hasProof(request) ? withProof(request, portalUrl) : request,
	),

	"takes HEAD for GET": requesting("calls no hook for a HEAD request", (request) =>
		request.method === "HEAD" ? { ...request, method: "GET" } : request,
	),

	"lets browsers load ahead": requesting(
		"calls no hook when a browser loads ahead",
		({ headers: { "sec-purpose": _, ...headers }, ...request }) => ({ ...request, headers }),
	),

	"keeps the session id when somebody signs in": wired(
		[
			"opens a session with a new id: one planted before is worth nothing",
			"opens a session with a new id for somebody else who was signed in",
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
		"keeps cookies of the plugin from scripts and from other sites",
		(cookie) => cookie.replace("; HttpOnly", ""),
	),

	"sends cookies of the plugin for one path": dressing(
		"sends cookies of the plugin for all of the brand's host and no other",
		(cookie) => cookie.replace("Path=/", "Path=/login"),
	),

	"keeps cookies of the plugin as long as the browser is open": dressing(
		"keeps a cookie of the plugin as long as the plugin says",
		(cookie) => cookie.replace("Max-Age=600; ", ""),
	),

	"has one name for a cookie, whatever the brand": wired(
		["names cookies of the plugin after the brand", "hands over no cookie of another brand"],
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

	"wants TLS for cookies where there is none": dressing(
		"sends cookies of the plugin over TLS only, except where a brand is plain http on loopback",
		(cookie) => `${cookie}; Secure`,
	),

	"deletes no cookie": dressing("deletes a cookie whose age is 0", (cookie) =>
		cookie.replace("Max-Age=0", "Max-Age=1"),
	),

	"sends visitors away with a 302": answering(
		"sends a visitor on with a 303, to paths of the portal and to declared addresses",
		(answer) =>
			headerOf(answer, "location").startsWith("https://identity.example")
				? { ...answer, status: 302 }
				: answer,
	),

	"tells other sites where a visitor came from": answering(
		"lets no cache and no other site know where it sends a visitor",
		(answer) =>
			answer.status === 303 ? withHeader(answer, "referrer-policy", () => "unsafe-url") : answer,
	),

	"lets caches keep pages of the plugin": answering(
		"lets no cache and no other site know of a page of the plugin",
		(answer) =>
			answer.body.includes("The probe's own markup")
				? withHeader(answer, "cache-control", () => "max-age=60")
				: answer,
	),

	"puts its CSRF field into the first form alone": answering(
		"puts its CSRF field into every form of a page",
		(answer) => ({
			...answer,
			body: answer.body.replace(
				/(name="second" value="1">)<input type="hidden" name="_csrf" value="[^"]+">/,
				"$1",
			),
		}),
	),

	"lets forms lead nowhere but to itself": answering(
		"lets forms lead where the manifest says, by its content security policy",
		(answer) =>
			withHeader(answer, "content-security-policy", (policy) =>
				policy.replace(" https://identity.example", ""),
			),
	),

	"answers for a log-in page with a button as if it were none": answering(
		"shows the plugin's button on the login page, and it works",
		(answer, { path }) =>
			path === "/login" && answer.body.includes('value="probe"')
				? { ...answer, status: 203 }
				: answer,
	),
	"forgets its CSRF field on the register page": withoutProofAt("register"),
	"forgets its CSRF field on the account page": withoutProofAt("account"),
};
