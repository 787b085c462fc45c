import BridgeCore
import Foundation
import Testing

@testable import genesys_kafka_bridge

@Suite("What tail prints", .timeLimit(.minutes(1)))
struct TailPrinterTests {
    private static func print(_ printer: TailPrinter) {
        let bytes = MessageBytes(Array("{\n}".utf8))
        printer.print([ByteRange(offset: 0, length: 3)], of: bytes)
    }

    @Test("an event is a line, and tail ends with the last one that was asked for")
    func lines() async throws {
        let pipe = Pipe()
        let printer = TailPrinter(limit: 2, output: StandardStream(pipe.fileHandleForWriting))
        for _ in 0..<3 { Self.print(printer) }
        await printer.waitForEnough()
        try pipe.fileHandleForWriting.close()
        #expect(try pipe.fileHandleForReading.readToEnd() == Data("{ }\n{ }\n".utf8) && printer.failure == nil)
    }

    @Test("a reader that has gone ends tail, and is no failure")
    func closed() async throws {
        signal(SIGPIPE, SIG_IGN)
        let pipe = Pipe()
        try pipe.fileHandleForReading.close()
        let printer = TailPrinter(limit: nil, output: StandardStream(pipe.fileHandleForWriting))
        Self.print(printer)
        await printer.waitForEnough()
        #expect(printer.failure == .closed)
    }

    @Test("a disk that is full ends tail, and says why")
    func full() async throws {
        let full = try #require(FileHandle(forWritingAtPath: "/dev/full"))
        let printer = TailPrinter(limit: nil, output: StandardStream(full))
        Self.print(printer)
        await printer.waitForEnough()
        guard case .failed(let reason) = printer.failure else {
            Issue.record("\(String(describing: printer.failure))")
            return
        }
        #expect(!reason.isEmpty)
    }
}
