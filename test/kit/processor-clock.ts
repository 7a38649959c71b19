/**
 * A clock that counts processor time. It stands still while other programs have the processor.
 *
 * @returns a function that gives the seconds of processor time that this process has used since.
 */
export function processorClock(): () => number {
	const start = process.cpuUsage();
	return () => {
		const { user, system } = process.cpuUsage(start);
		return (user + system) / 1_000_000;
	};
}
