/**
 * A clock that stands still while other programs have the processor, as no other does.
 *
 * @returns what gives the seconds of a processor that this process has used since.
 */
export function processorClock(): () => number {
	const start = process.cpuUsage();
	return () => {
		const { user, system } = process.cpuUsage(start);
		return (user + system) / 1_000_000;
	};
}
