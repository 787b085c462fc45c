import GenesysSimulator

/// What a source of numbered events owes to one tenant's topics.
struct OwedEvents: Hashable {
    /// The events of one key.
    struct Resource: Hashable {
        /// The key.
        var key: String
        /// The name of its events.
        var event: String
        /// The numbers that the source offered, counted for each key.
        var keySequences: Range<Int>
        /// Among them, those that nobody could have.
        var skipped: [Skipped]
    }

    /// Events of one key that no connection offered: a gap record must say so.
    struct Skipped: Hashable {
        /// Their numbers, counted for each key.
        var keySequences: Range<Int>
        /// Where in the tenant's log they are.
        var sequences: Range<Int>
    }

    /// The tenant.
    var tenant: String
    /// In the order of their creation.
    var resources: [Resource]
}

extension TenantSnapshot {
    /// What an audit has to account for.
    var audited: OwedEvents {
        OwedEvents(
            tenant: self.name,
            resources: self.resources.map { resource in
                let first = resource.firstKeySequence ?? resource.nextKeySequence
                return OwedEvents.Resource(
                    key: resource.resourceId,
                    event: resource.event,
                    keySequences: first..<max(first, resource.nextKeySequence),
                    skipped: zip(resource.skippedKeySequences, resource.skippedSequences).map { keys, sequences in
                        OwedEvents.Skipped(keySequences: keys[0]..<keys[1], sequences: sequences[0]..<sequences[1])
                    }
                )
            }
        )
    }
}
