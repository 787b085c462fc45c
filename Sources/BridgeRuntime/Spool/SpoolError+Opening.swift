extension SpoolError {
    init(opening failure: SpoolMediumFailure) {
        switch failure.kind {
        case .locked:
            self.init(
                kind: .locked,
                description: "the spool's folder is in use by another instance of the bridge: stop it, or give each "
                    + "instance a folder of its own (\(failure.description))"
            )
        case .noSpace, .failed:
            self.init(
                kind: .unavailable,
                description: "the spool's folder cannot be used: make it readable and writable for this user, or name "
                    + "another (\(failure.description))"
            )
        }
    }
}
