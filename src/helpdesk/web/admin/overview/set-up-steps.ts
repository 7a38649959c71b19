/** What stands between an add-on that was just installed and the first visitor who logs in with it. */
export interface SetUpFacts {
	readonly isActive: boolean;
	/** Of the brand that is the furthest along. */
	readonly brand: BrandSetUp;
	/** Whether a visitor has come in. */
	readonly hasWorked: boolean;
}

export interface BrandSetUp {
	readonly brandId: string;
	/** Whether the brand has all settings that the add-on needs. */
	readonly isComplete: boolean;
	readonly test: "none" | "passed" | "failed";
	/** Whether its pages show the button. */
	readonly isOn: boolean;
}

const STEPS = ["activate", "keys", "test", "switch-on", "try"] as const;
export type StepName = (typeof STEPS)[number];

export interface SetUpStep {
	readonly name: StepName;
	/** A step that is done, the first one that is not, and those after it. */
	readonly state: "done" | "next" | "later";
}

/** The steps to the first log-in, in their order. A step that is undone later is to do again. */
export function setUpSteps(facts: SetUpFacts): readonly SetUpStep[] {
	const { brand } = facts;
	const done: Readonly<Record<StepName, boolean>> = {
		activate: facts.isActive,
		keys: brand.isComplete,
		// A log-in that worked says more than a test.
		test: brand.test === "passed" || facts.hasWorked,
		"switch-on": brand.isOn,
		try: facts.hasWorked,
	};
	const next = STEPS.find((name) => !done[name]);
	return STEPS.map((name) => ({
		name,
		state: done[name] ? "done" : name === next ? "next" : "later",
	}));
}

/** The brand that needs the fewest further steps; of several the first. */
export function furthestAlong(brands: readonly [BrandSetUp, ...BrandSetUp[]]): BrandSetUp {
	const [first, ...others] = brands;
	return others.reduce((best, each) => (stepsOf(each) > stepsOf(best) ? each : best), first);
}

function stepsOf({ isComplete, test, isOn }: BrandSetUp): number {
	return [isComplete, test === "passed", isOn].filter(Boolean).length;
}
