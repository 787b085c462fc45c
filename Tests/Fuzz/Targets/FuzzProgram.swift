import CLibFuzzer
import Foundation

/// `Fuzz TARGET [what libFuzzer takes]`: fuzzes one target, or runs it on the files that are given. A target that finds something wrong
/// traps; libFuzzer says on which bytes.
@main
enum FuzzProgram {
    private static let targets: [String: @Sendable ([UInt8]) -> Void] = [
        "addresses": AddressTarget.run,
        "batches": BatchTarget.run,
        "configuration": ConfigurationTarget.run,
        "frames": FrameTarget.run,
        "redactions": RedactionTarget.run,
        "responses": ResponseTarget.run,
        "spools": SpoolTarget.run,
        "values": ValueTarget.run,
    ]

    /// Set once, before anything runs.
    nonisolated(unsafe) fileprivate static var target: @Sendable ([UInt8]) -> Void = { _ in }

    static func main() {
        let arguments = CommandLine.arguments
        guard arguments.count >= 2, let target = Self.targets[arguments[1]] else {
            // Its output is what the script lists the targets by.
            print(Self.targets.keys.sorted().joined(separator: "\n"))
            return
        }
        Self.target = target
        var pointers: [UnsafeMutablePointer<CChar>?] = ([arguments[0]] + arguments.dropFirst(2)).map { strdup($0) }
        var count = CInt(pointers.count)
        pointers.append(nil)
        pointers.withUnsafeMutableBufferPointer { buffer in
            var start = buffer.baseAddress
            _ = LLVMFuzzerRunDriver(&count, &start, runOne)
        }
    }
}

/// By the name that libFuzzer's own `main`, which is linked but not run, asks for.
@_cdecl("LLVMFuzzerTestOneInput")
func runOne(data: UnsafePointer<UInt8>?, size: Int) -> CInt {
    FuzzProgram.target(Array(UnsafeBufferPointer(start: data, count: size)))
    return 0
}
