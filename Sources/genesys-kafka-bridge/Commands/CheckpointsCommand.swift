import ArgumentParser
import BridgeCore
import BridgeRuntime
import Foundation
import KafkaDelivery
import Logging

/// `checkpoints`: a person looks at the positions of a bridge, and changes them.
struct CheckpointsCommand: AsyncParsableCommand {
    /// What is done.
    enum Action: String, CaseIterable, ExpressibleByArgument {
        case list
        case show
        case set
        case reset
        case export
        case importFile = "import"
    }

    static let configuration = CommandConfiguration(
        commandName: "checkpoints",
        abstract: "Show and change the committed positions of a bridge.",
        discussion: """
            `list`; `show TENANT/STREAM`; `set TENANT/STREAM --position P`; `reset TENANT/STREAM`; `export` to standard \
            output; `import FILE`. The store is the one that the configuration names. Changing needs a tenant that no \
            instance owns: stop the bridge first. A killed one has not released its tenants in Kafka: then --force.
            """
    )

    @Argument(help: "list, show, set, reset, export or import.")
    var action: Action

    @Argument(help: ArgumentHelp("TENANT/STREAM, or the file to import.", valueName: "subject"))
    var subject: String?

    @Option(help: ArgumentHelp("The configuration file (YAML).", valueName: "file"))
    var config: String

    @Option(help: ArgumentHelp("The position to set, as a server gave it.", valueName: "position"))
    var position: String?

    @Option(help: "Where the position came from: lastEventId or timestamp.")
    var kind = Position.Kind.lastEventId.rawValue

    @Flag(help: "Take tenants in Kafka away from an instance that has not released them; if it runs, it parks.")
    var force = false

    func validate() throws {
        switch self.action {
        case .list, .export:
            guard self.subject == nil else { throw ValidationError("\(self.action.rawValue) takes no subject") }
        case .show, .set, .reset:
            guard self.stream != nil else { throw ValidationError("\(self.action.rawValue) wants TENANT/STREAM") }
        case .importFile:
            guard self.subject != nil else { throw ValidationError("import wants the file that export wrote") }
        }
        guard (self.action == .set) == (self.position != nil) else {
            throw ValidationError("--position goes with set, and set with --position")
        }
        guard Position.Kind(rawValue: self.kind) != nil else {
            throw ValidationError("--kind is lastEventId or timestamp")
        }
    }

    private var stream: StreamID? {
        guard let subject, let slash = subject.firstIndex(of: "/") else { return nil }
        let (tenant, stream) = (String(subject[..<slash]), String(subject[subject.index(after: slash)...]))
        // A tenant's plan and its owner have keys of this form, too.
        guard !tenant.isEmpty, !stream.isEmpty, stream != "plan", stream != "owner" else { return nil }
        return StreamID(tenant: tenant, stream: stream)
    }

    func run() async throws {
        let configuration = try ConfigurationLoader().load(self.config).configuration
        let logger = LogConfiguration(level: .warning, format: .text).makeLogger(label: "checkpoints")
        let desk = CheckpointDesk(configuration: configuration, logger: logger)
        let contents = try await desk.contents()
        switch self.action {
        case .list: desk.list(contents)
        case .show: try self.show(contents, desk)
        case .export: try Self.export(contents, desk)
        case .set, .reset, .importFile: try await self.change(contents, desk)
        }
    }

    private func show(_ contents: KafkaCheckpointStore.Contents, _ desk: CheckpointDesk) throws {
        guard let entry = contents.archive.checkpoints.first(where: { $0.id == self.stream }) else {
            let reason = desk.absence(contents) ?? "see `checkpoints list`"
            throw CommandFailure(.unavailable, "there is no checkpoint of \(self.subject ?? ""): \(reason)")
        }
        StandardStream.output.write(line: JSONText.encoded(entry))
    }

    private static func export(_ contents: KafkaCheckpointStore.Contents, _ desk: CheckpointDesk) throws {
        if let reason = desk.absence(contents) {
            throw CommandFailure(.unavailable, "there is nothing to export: \(reason)")
        }
        if let defect = contents.defects.first {
            throw CommandFailure(.unavailable, "a record cannot be used, and nothing was exported: \(defect)")
        }
        StandardStream.output.write(line: JSONText.encoded(contents.archive))
    }

    private func change(_ contents: KafkaCheckpointStore.Contents, _ desk: CheckpointDesk) async throws {
        var wanted: [StreamID: Checkpoint?] = [:]
        var plans: [PlanDocument] = []
        switch self.action {
        case .importFile:
            let archive = try Self.archive(at: self.subject ?? "")
            for entry in archive.checkpoints { wanted[entry.id] = try Self.checkpoint(entry) }
            plans = archive.plans
        case .set, .reset, .list, .show, .export:
            guard let stream = self.stream else { return }
            let kind = Position.Kind(rawValue: self.kind) ?? .lastEventId
            wanted[stream] = .some(self.position.map { Checkpoint(position: Position(kind: kind, value: $0)) })
        }
        try await desk.change(contents, to: wanted, plans: plans, isForced: self.force)
    }

    private static func archive(at path: String) throws -> CheckpointArchive {
        let bytes: [UInt8]
        do {
            bytes = try BoundedFile.read(path, limit: 256 << 20)
        } catch {
            throw CommandFailure(.usage, "the file '\(path)' \(error.reason)")
        }
        guard let archive = try? JSONDecoder().decode(CheckpointArchive.self, from: Data(bytes)),
            archive.version == CheckpointArchive.currentVersion
        else {
            throw CommandFailure(.usage, "the file '\(path)' is not what `checkpoints export` of this version writes")
        }
        return archive
    }

    private static func checkpoint(_ entry: CheckpointArchive.Entry) throws -> Checkpoint? {
        do {
            return try entry.checkpoint.checkpoint()
        } catch {
            throw CommandFailure(.usage, "the checkpoint of \(entry.id) in the file cannot be used (\(error))")
        }
    }
}
