import Foundation

/// Where frames are shown: a terminal is redrawn in place, anything else gets a line every few seconds.
final class DemoTerminal: Sendable {
    private static let secondsBetweenLines: Int64 = 2
    private let isInteractive: Bool

    init(isQuiet: Bool = false) {
        self.isInteractive = isatty(STDOUT_FILENO) == 1 && ProcessInfo.processInfo.environment["TERM"] != "dumb"
    }

    func show(_ frame: DemoFrame) {
        if self.isInteractive {
            // Home, each line with what is left of the old one erased, then everything below.
            let lines = DemoScreen.lines(frame).map { $0 + "\u{1B}[K" }
            StandardStream.output.write(Array(("\u{1B}[H" + lines.joined(separator: "\n") + "\n\u{1B}[J").utf8))
        } else if frame.elapsed.components.seconds % Self.secondsBetweenLines == 0,
            frame.elapsed.components.attoseconds < 500_000_000_000_000_000
        {
            StandardStream.output.write(line: DemoScreen.line(frame))
        }
    }

    func begin() {
        if self.isInteractive { StandardStream.output.write(Array("\u{1B}[2J\u{1B}[H".utf8)) }
    }
}
