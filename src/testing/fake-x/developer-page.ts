import { type Answer, htmlAnswer } from "./answer.ts";
import type { FakeXAccount, FakeXApp } from "./fake-x-options.ts";
import { FAULT_NAMES } from "./faults.ts";
import { escapeHtml, htmlDocument } from "./pages.ts";
import { type FakeXScenario, INCIDENT_DATES, parseScenario, SIGNED_CALLS } from "./scenarios.ts";

/** The page where a developer chooses who is logged in to X, and what goes wrong next. */
export function developerPage(shown: {
	readonly accounts: readonly FakeXAccount[];
	readonly signedIn: string | undefined;
	readonly apps: readonly FakeXApp[];
	readonly scenarios: readonly FakeXScenario[];
	readonly message: string;
}): Answer {
	const { accounts, signedIn, apps, scenarios, message } = shown;
	const account = accounts
		.map(({ id, name, screenName, state = "active", email }) => {
			const checked = id === signedIn ? " checked" : "";
			const about = `(@${screenName}), ${id}, ${state}, ${email ?? "no e-mail address"}`;
			return `<label><input type="radio" name="account" value="${escapeHtml(id)}"${checked}> <bdi>${escapeHtml(name)}</bdi> ${escapeHtml(about)}</label>`;
		})
		.join("\n");
	const waiting =
		scenarios.length === 0
			? "<p>Nothing goes wrong.</p>"
			: `<ul>${scenarios.map((each) => `<li><code>${escapeHtml(JSON.stringify(each))}</code></li>`).join("")}</ul>
<form method="post" action="/_fake"><button name="do" value="clear">Let everything go right</button></form>`;
	return htmlAnswer(
		200,
		htmlDocument(
			"Fake X",
			`<h1>Fake X</h1>${message === "" ? "" : `<p role="status"><strong>${escapeHtml(message)}</strong></p>`}
<h2>Who is logged in at X</h2>
<form method="post" action="/_fake">${account}<p><button name="do" value="account">Log in as this one</button></p>
<p><label for="handle">Another handle for this one</label> <input id="handle" name="handle" maxlength="20"></p><p><button name="do" value="rename">Rename</button></p></form>
<h2>What goes wrong</h2>${waiting}
<form method="post" action="/_fake">
<p><label for="call">Call</label> <select id="call" name="call">${options([...SIGNED_CALLS, "callback"])}</select></p>
<p><label for="fault">Fault</label> <select id="fault" name="fault">${options(FAULT_NAMES)}</select></p>
<p><label for="app">App</label> <select id="app" name="app"><option value="">any</option>${options(apps.map(({ apiKey }) => apiKey))}</select></p>
<p><label for="of">Account</label> <select id="of" name="of"><option value="">any</option>${options(accounts.map(({ id }) => id))}</select></p>
<p><label for="times">How often</label> <select id="times" name="times"><option value="1">once</option><option value="always">always</option></select></p>
<p><button name="do" value="fault">Make it go wrong</button></p>
</form>
<h2>What went wrong at X one day</h2>
<form method="post" action="/_fake">
<p><label for="incident">Incident</label> <select id="incident" name="incident">${options(INCIDENT_DATES)}</select></p>
<p>On 30 June 2026, OAuth 2.0 log-ins at X and /2/users/me answered 401. The fake X gives tokens and refuses each of them.</p>
<p><button name="do" value="incident">Start the incident</button></p>
</form>`,
		),
	);
}

/** The scenario that the form about faults describes. A string says what is wrong with the form. */
export function scenarioIn(form: ReadonlyMap<string, string>): FakeXScenario | string {
	const [app, account] = [form.get("app"), form.get("of")];
	return parseScenario(
		JSON.stringify({
			call: form.get("call"),
			fault: form.get("fault"),
			times: form.get("times") === "always" ? "always" : 1,
			...(app && { app }),
			...(account && { account }),
		}),
	);
}

/** The scenario that the form about incidents describes. */
export function incidentIn(form: ReadonlyMap<string, string>): FakeXScenario | string {
	return parseScenario(JSON.stringify({ incident: form.get("incident") ?? "" }));
}

function options(values: readonly string[]): string {
	return values
		.map((value) => `<option value="${escapeHtml(value)}">${escapeHtml(value)}</option>`)
		.join("");
}
