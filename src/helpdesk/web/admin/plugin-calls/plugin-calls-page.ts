import { html } from "hono/html";
import type { PluginRecorder } from "../../../dev/plugin-recorder.ts";
import type { RecordedCall, RecordedLoad, RecordedOperation } from "../../../dev/recorded-call.ts";
import { type Markup, notice } from "../../layout.ts";
import { pageHead } from "../page-head.ts";
import { ADMIN_PATHS } from "../paths.ts";

/** How often the page reloads, where it was asked to. By itself it stays, so that nobody loses their place. */
export const RELOAD_SECONDS = 2;

const { pluginCalls: PATH } = ADMIN_PATHS;

const LEAD = html`The last 200 hook calls of the watched plugin in this process, newest first, each with its calls to storage, users and other hosts. Times are in UTC. <code>[sent]</code> stands for what visitors send. Secrets and tokens are left out.`;

export function pluginCallsPage({ calls, lastLoad }: PluginRecorder, isFollowing: boolean): Markup {
	const way = isFollowing
		? html`The page reloads every ${RELOAD_SECONDS} seconds. <a href="${PATH}">Stop</a>`
		: html`<a href="${PATH}">Show new calls</a> or <a href="${PATH}?follow">reload every ${RELOAD_SECONDS} seconds</a>`;
	const list =
		calls.length === 0
			? html`<p class="soft">No hook has been called yet. Open a log-in page.</p>`
			: html`<ol class="calls">${calls.map(callItem)}</ol>`;
	return html`${pageHead("Plugin calls", LEAD)}${lastLoad === undefined ? "" : loadNotice(lastLoad)}<p>${way}</p>${list}`;
}

function loadNotice({ at, outcome, detail }: RecordedLoad): Markup {
	return outcome === "reloaded"
		? notice(`Reloaded at ${timeOf(at)} UTC, ${detail}.`)
		: html`<div class="notice bad" role="alert"><p>Not reloaded at ${timeOf(at)} UTC: the previous code stays in use.</p><pre>${detail}</pre></div>`;
}

function callItem(call: RecordedCall): Markup {
	const { hook, brandId, at, ms, outcome, hasFailed, operations, left } = call;
	const end = ms === undefined ? "running" : `${outcome}`;
	const more = left === 0 ? "" : html`<li class="soft">${left} more were not kept.</li>`;
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
