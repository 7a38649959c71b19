import type { Hono } from "hono";
import { html } from "hono/html";
import type { PluginRecorder } from "../../../dev/plugin-recorder.ts";
import type { RecordedCall, RecordedLoad, RecordedOperation } from "../../../dev/recorded-call.ts";
import type { Markup } from "../../layout.ts";
import type { VisitEnv } from "../../visit.ts";
import { ADMIN_PATHS, notice, type ShowPage } from "../admin-pages.ts";

export interface PluginCallParts {
	/** Undefined unless the helpdesk was started for a plugin's developer. */
	readonly recorder?: PluginRecorder | undefined;
	readonly show: ShowPage;
}

const { pluginCalls: PATH } = ADMIN_PATHS;
const SECONDS = 2;

/** Which hooks are called and what they do, as it happens; only for developers, and only where they asked for it. */
export function pluginCallRoutes(app: Hono<VisitEnv>, { recorder, show }: PluginCallParts): void {
	if (recorder === undefined) {
		return;
	}
	app.get(PATH, async (c) => {
		const isPaused = c.req.query("paused") !== undefined;
		const page = await show(c, "Plugin calls", pluginCallsPage(recorder, isPaused));
		if (!isPaused) {
			page.headers.set("refresh", String(SECONDS));
		}
		return page;
	});
}

function pluginCallsPage({ calls, lastLoad }: PluginRecorder, isPaused: boolean): Markup {
	const way = isPaused
		? html`Paused. <a href="${PATH}">Go on</a>`
		: html`Looks again every ${SECONDS} seconds. <a href="${PATH}?paused">Pause</a>`;
	const list =
		calls.length === 0
			? html`<p class="soft">No hook was called yet. Open a log-in page.</p>`
			: html`<ol class="calls">${calls.map(callItem)}</ol>`;
	return html`<h1>Plugin calls</h1>${lastLoad === undefined ? "" : loadNotice(lastLoad)}
<p class="help">The last 200 hooks of the plugin that is watched, in this process, the newest first, with what they asked of storage, users and other hosts. What visitors send shows as <code>[sent]</code>; secrets and tokens are left out. ${way}</p>${list}`;
}

function loadNotice({ at, outcome, detail }: RecordedLoad): Markup {
	return outcome === "reloaded"
		? notice(`Reloaded at ${timeOf(at)} UTC, ${detail}.`)
		: html`<div class="notice bad" role="alert"><p>Not reloaded at ${timeOf(at)} UTC: the code before goes on.</p><pre>${detail}</pre></div>`;
}

function callItem(call: RecordedCall): Markup {
	const { hook, brandId, at, ms, outcome, hasFailed, operations, left } = call;
	const end = ms === undefined ? "running" : `${outcome}`;
	const more = left === 0 ? "" : html`<li class="soft">${left} more are not kept.</li>`;
	const done =
		operations.length + left === 0 ? "" : html`<ol>${operations.map(operationItem)}${more}</ol>`;
	return html`<li class="card call${hasFailed ? " failed" : ""}"><div class="list-head"><h2>${hook}</h2><span class="soft">${timeOf(at)}${brandId === undefined ? "" : ` · ${brandId}`} · ${duration(ms)}</span></div>
<p class="end">${end}</p>${done}</li>`;
}

function operationItem(operation: RecordedOperation): Markup {
	const { name, asked, answer, ms, hasFailed } = operation;
	const question = asked.includes("\n") ? html`<pre>${asked}</pre>` : html` <code>${asked}</code>`;
	return html`<li${hasFailed ? html` class="failed"` : ""}><strong>${name}</strong> <span class="soft">${duration(ms)}</span>${asked === "" ? "" : question}${answer === "" ? "" : html`<pre class="answer">→ ${answer}</pre>`}</li>`;
}

function timeOf(at: number): string {
	return new Date(at).toISOString().slice(11, 23);
}

function duration(ms: number | undefined): string {
	return ms === undefined ? "running" : `${ms.toFixed(1)} ms`;
}
