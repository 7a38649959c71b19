import type { Page } from "./login-response.ts";

/** A log-in that an administrator makes up, to see what a visitor would. */
export interface SimulatedCase {
	readonly brandId: string;
	/** BCP 47; of the questions and the reasons. */
	readonly locale: string;
	/** BCP 47; of the visitor's pages. */
	readonly visitorLocale: string;
	/**
	 * The option chosen, by the name of the question. A question that is not answered, or by none of its options, has its
	 * first option. Untrusted.
	 */
	readonly answers: Readonly<Record<string, string>>;
}

/** What becomes of a made-up log-in. Nothing was stored, sent or recorded for it. */
export interface Simulation {
	/** All that has a say, whatever was answered. */
	readonly questions: readonly SimulatedQuestion[];
	/** What the visitor meets, in order; at least one. */
	readonly steps: readonly SimulatedStep[];
	/** A sentence, where no visitor can come into this case. */
	readonly impossible?: string;
}

export interface SimulatedQuestion {
	/** `[A-Za-z]+`, unique among the questions. */
	readonly name: string;
	readonly label: string;
	readonly about: "visitor" | "settings";
	/** At least two. The first option of a question about settings is what is in force, and has the value "". */
	readonly options: readonly { readonly value: string; readonly label: string }[];
	/** The value of one of the options. */
	readonly chosen: string;
	/** Whether another answer to this question alone would lead elsewhere. */
	readonly matters: boolean;
}

export type SimulatedStep = (
	| {
			/**
			 * As a log-in would give it, but for its addresses: forms and links lead to `#`. Hosts disable its controls and add
			 * no CSRF field.
			 */
			readonly kind: "page";
			readonly page: Page;
	  }
	/** No page of the plugin: what the host or a letter does. */
	| { readonly kind: "outcome"; readonly sentence: string }
) & {
	/** What led to this step; absent where it follows from the step before. */
	readonly decision?: SimulatedDecision;
};

export interface SimulatedDecision {
	/** Its number among the plugin's rules, from 1. */
	readonly rule: number;
	/** What of the case made it fit, in words, without a full stop; empty where nothing did in particular. */
	readonly reason: string;
}
