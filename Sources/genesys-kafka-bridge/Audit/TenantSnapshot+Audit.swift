import GenesysSimulator

extension TenantSnapshot {
    /// What an audit has to account for: the events sent so far, and those of them that were never sent.
    var audited: (tenant: String, range: Range<Int>, skipped: [Range<Int>]) {
        let first = self.firstSequence ?? self.eventsOffered
        return (self.name, first..<self.eventsOffered, self.skipped.map { $0[0]..<$0[1] })
    }
}
