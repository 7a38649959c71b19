import { Child } from "../harness/child.mjs";

/** Measures the artifact's size, its storage operations and the time of its hooks by themselves. */
export async function measureArtifact(stage) {
	const program = new URL("time-hooks.mjs", import.meta.url);
	const child = await Child.start(program, { printsReady: false });
	stage.running.add(child);
	const figures = await child.ask("hooks");
	await child.stop();
	return figures;
}
