import type { Page } from "./login-response.ts";

/** A log-in that an administrator makes up, to see what a visitor would see. */
export interface SimulatedCase {
	readonly brandId: string;
	/** The language of the questions and the reasons. BCP 47. */
	readonly locale: string;
	/** The language of the visitor's pages. BCP 47. */
	readonly visitorLocale: string;
	/**
	 * The chosen options, by the name of the question. A question without an answer, or with an unknown one, has its
	 * first option. Untrusted.
	 */
	readonly answers: Readonly<Record<string, string>>;
}

/** What happens in a made-up log-in. Nothing was stored, sent or recorded for it. */
export interface Simulation {
	/** All questions, whatever the answers are. */
	readonly questions: readonly SimulatedQuestion[];
	/** What the visitor sees, in order; at least one step. */
	readonly steps: readonly SimulatedStep[];
	/** A sentence that says why no visitor can be in this case, if none can. */
	readonly impossible?: string;
}

export interface SimulatedQuestion {
	/** `[A-Za-z]+`, unique among the questions. */
	readonly name: string;
	readonly label: string;
	readonly about: "visitor" | "settings";
	/**
	 * At least two. The first option of a question about settings stands for the setting in force and has the value "".
	 */
	readonly options: readonly { readonly value: string; readonly label: string }[];
	/** The value of one of the options. */
	readonly chosen: string;
	/** Whether another answer to this question alone would change the steps. */
	readonly matters: boolean;
}

export type SimulatedStep = (
	| {
			/**
			 * A page of a real log-in, except that forms and links lead to `#`. Hosts disable its controls and add no CSRF
			 * field.
			 */
			readonly kind: "page";
			readonly page: Page;
	  }
	/** An event without a page of the plugin: the host acts, or a letter goes out. */
	| { readonly kind: "outcome"; readonly sentence: string }
) & {
	/** What led to this step; absent if it follows from the previous step. */
	readonly decision?: SimulatedDecision;
};

export interface SimulatedDecision {
	/** The number of the rule among the plugin's rules, from 1. */
	readonly rule: number;
	/** Why the rule applies to the case, in words, without a full stop; empty if there is no particular reason. */
	readonly reason: string;
}
