/// Which fault comes when: a function of the seed. It reads no clock; the caller says what time it is.
public struct FaultSchedule: Sendable, Equatable {
    /// A fault and its time.
    public struct Planned: Sendable, Equatable {
        /// Milliseconds since the schedule began.
        public let atMilliseconds: Int
        /// What goes wrong then.
        public let fault: Fault
        /// Choose whom it hits from this number.
        public let lot: UInt64
    }

    private let meanIntervalMilliseconds: Int
    private let faults: [Fault]
    private var generator: SeededGenerator

    /// - Parameters:
    ///   - meanIntervalMilliseconds: the mean time between two faults, at least 2; each interval is drawn evenly from half of
    ///     it to three halves of it.
    ///   - faults: those to draw from, evenly. None means that no fault ever comes.
    public init(seed: UInt64, meanIntervalMilliseconds: Int, faults: [Fault]) {
        self.generator = SeededGenerator(seed: seed)
        self.meanIntervalMilliseconds = max(2, meanIntervalMilliseconds)
        self.faults = faults
    }

    /// The first fault after `milliseconds`, counted from the beginning of the schedule; nil if none ever comes.
    public mutating func next(afterMilliseconds milliseconds: Int) -> Planned? {
        guard let fault = self.faults.randomElement(using: &self.generator) else { return nil }
        let mean = self.meanIntervalMilliseconds
        let interval = Int.random(in: mean - mean / 2...mean + mean / 2, using: &self.generator)
        return Planned(atMilliseconds: milliseconds + interval, fault: fault, lot: self.generator.next())
    }
}
