import { html } from "hono/html";
import type { PluginRecorder } from "../../../dev/plugin-recorder.ts";
import type { RecordedCall, RecordedLoad, RecordedOperation } from "../../../dev/recorded-call.ts";
import type { Locale } from "../../../locale/locale.ts";
import { type Markup, notice } from "../../layout.ts";
import { pageHead } from "../page-head.ts";
import { ADMIN_PATHS } from "../paths.ts";

/** How often the page reloads, where it was asked to. By itself it stays, so that nobody loses their place. */
export const RELOAD_SECONDS = 2;

const { pluginCalls: PATH } = ADMIN_PATHS;

export function pluginCallsPage(
	{ calls, lastLoad }: PluginRecorder,
	isFollowing: boolean,
	locale: Locale,
): Markup {
	const { text, markup } = locale;
	const linkTo = (path: string) => (content: Markup) => html`<a href="${path}">${content}</a>`;
	const seconds = RELOAD_SECONDS;
	const way = isFollowing
		? markup("plugin-calls.reloads", { seconds }, { stop: linkTo(PATH) })
		: markup(
				"plugin-calls.reload",
				{ seconds },
				{ once: linkTo(PATH), always: linkTo(`${PATH}?follow`) },
			);
	const list =
		calls.length === 0
			? html`<p class="soft">${text("plugin-calls.none")}</p>`
			: html`<ol class="calls">${calls.map((call) => callItem(call, text))}</ol>`;
	const lead = markup("plugin-calls.lead", { sent: html`<code>[sent]</code>` });
	return html`${pageHead(text("plugin-calls.title"), lead)}${lastLoad === undefined ? "" : loadNotice(lastLoad, text)}<p>${way}</p>${list}`;
}

function loadNotice(load: RecordedLoad, text: Locale["text"]): Markup {
	const time = timeOf(load.at);
	return load.outcome === "reloaded"
		? notice(text("plugin-calls.reloaded", { time, ms: load.ms }))
		: html`<div class="notice bad" role="alert"><p>${text("plugin-calls.not-reloaded", { time })}</p><pre lang="en">${load.reason}</pre></div>`;
}

function callItem(call: RecordedCall, text: Locale["text"]): Markup {
	const { hook, brandId, at, ms, outcome, hasFailed, operations, left } = call;
	const end =
		ms === undefined
			? html`<p class="end">${text("plugin-calls.running")}</p>`
			: html`<p class="end" lang="en">${outcome}</p>`;
	const more =
		left === 0 ? "" : html`<li class="soft">${text("plugin-calls.left", { count: left })}</li>`;
	const done =
		operations.length + left === 0
			? ""
			: html`<ol>${operations.map((operation) => operationItem(operation, text))}${more}</ol>`;
	return html`<li class="card call${hasFailed ? " failed" : ""}"><div class="list-head"><h2>${hook}</h2><span class="soft">${timeOf(at)}${brandId === undefined ? "" : ` · ${brandId}`} · ${duration(ms, text)}</span></div>
${end}${done}</li>`;
}

function operationItem(operation: RecordedOperation, text: Locale["text"]): Markup {
	const { name, asked, answer, ms, hasFailed } = operation;
	const question = asked.includes("\n")
		? html`<pre lang="en">${asked}</pre>`
		: html` <code>${asked}</code>`;
	return html`<li${hasFailed ? html` class="failed"` : ""}><strong>${name}</strong> <span class="soft">${duration(ms, text)}</span>${asked === "" ? "" : question}${answer === "" ? "" : html`<pre class="answer" lang="en">→ ${answer}</pre>`}</li>`;
}

function timeOf(at: number): string {
	return new Date(at).toISOString().slice(11, 23);
}

function duration(ms: number | undefined, text: Locale["text"]): string {
	return ms === undefined ? text("plugin-calls.running") : `${ms.toFixed(1)} ms`;
}
