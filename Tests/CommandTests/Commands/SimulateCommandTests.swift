import ArgumentParser
import GenesysSimulator
import Testing

@testable import genesys_kafka_bridge

@Suite("simulate")
struct SimulateCommandTests {
    @Test("the help names every fault", arguments: FaultKind.allCases)
    func help(kind: FaultKind) {
        #expect(Self.words.contains(Substring(kind.rawValue)))
    }

    private static let words = SimulateCommand.helpMessage(columns: 80).split { !$0.isLetter && !$0.isNumber }

    @Test("the help names every fault of channels", arguments: ChannelFaultKind.allCases)
    func help(kind: ChannelFaultKind) {
        #expect(Self.words.contains(Substring(kind.rawValue)))
    }
}
