import ArgumentParser
import GenesysSimulator
import Testing

@testable import genesys_kafka_bridge

@Suite("simulate")
struct SimulateCommandTests {
    @Test("the help names every fault", arguments: FaultKind.allCases)
    func help(kind: FaultKind) {
        let help = SimulateCommand.helpMessage(columns: 80)
        let words = help.split { !$0.isLetter && !$0.isNumber }
        #expect(words.contains(Substring(kind.rawValue)))
    }
}
