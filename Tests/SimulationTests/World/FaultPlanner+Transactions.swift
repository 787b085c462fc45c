import BridgeCore

extension FaultPlanner {
    /// What Kafka refuses for good, and what happens to transactions.
    func injectIntoTransactions(_ kind: FaultKind) -> Bool {
        guard let process = self.world.process, process.isAlive, !process.isStopping, !process.streams.isEmpty else {
            return false
        }
        switch kind {
        case .recordTooLarge:
            let tenant = self.tenant
            guard let socket = self.socket(of: tenant), let topic = socket.subscribed.firstIndex(of: true) else {
                return false
            }
            // With company before and behind it.
            for index in 0..<5 { tenant.logEvent(topic: topic, isTooLarge: index == 2) }
        case .commitRefused: self.world.broker.faults.append(.refused)
        case .commitAnswerLost:
            let faults = TransactionBroker.CommitFault.allCases.filter { $0 != .refused }
            self.world.broker.faults.append(faults[Int(self.world.draw(0...Int64(faults.count - 1)))])
        case .transactionTimedOut:
            // The brokers go away when something has just begun.
            for tenant in self.world.upstream.tenants { tenant.logEvent() }
            self.world.after(self.world.draw(1...1_600) * .millisecond) {
                let seconds = self.world.plan.transactionTimeout / .second
                self.world.kafkaAwayUntil =
                    self.world.now + self.world.draw((seconds + 5)...(2 * seconds + 5)) * .second
            }
        case .takenOver:
            self.world.fire(kind)
            self.world.takeOver()
        case .crashBeforeCommit, .crashDuringCommit, .crashAfterCommit:
            guard self.world.armedTransactionCrash == nil else { return false }
            self.world.armedTransactionCrash = kind
        default: preconditionFailure("\(kind) is no transaction's")
        }
        return true
    }
}
