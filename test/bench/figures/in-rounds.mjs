/**
 * Measures contestants in rounds, each time in another order. The first contestant is the one to compare with. It is
 * measured at the start and at the end of each round (`NAME-again`), and the difference between the two is the noise.
 *
 * @returns the samples of each round, by contestant.
 */
export async function inRounds(contestants, rounds, measure) {
	const [floor, ...others] = contestants;
	const all = [];
	for (let round = 0; round < rounds; round += 1) {
		const measured = (contestant) => measure(contestant, `round ${round + 1} of ${rounds}`);
		const samples = { [floor.name]: await measured(floor) };
		for (const contestant of turned(others, round)) {
			samples[contestant.name] = await measured(contestant);
		}
		samples[`${floor.name}-again`] = await measured(floor);
		all.push(samples);
	}
	return all;
}

/** No contestant always comes after the same one. */
function turned(list, by) {
	const start = list.length === 0 ? 0 : by % list.length;
	return [...list.slice(start), ...list.slice(0, start)];
}
