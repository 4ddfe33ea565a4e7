import Foundation

/// A network between a client and a server that a test takes away, and stops in the middle.
///
/// It is a program of its own that looks for files in the test's folder: while `away` is there,
/// nothing passes and nobody gets through; while `hold` is there, so many bytes of each connection
/// pass in each direction and no more. While `cut` is there, which holds a seed and a number, each
/// connection is cut in either direction after some bytes, by chance up to that number.
struct SlowNetwork {
    private static let program = """
        import os, random, socket, sys, threading, time
        folder, port = sys.argv[1], int(sys.argv[2])
        def has(name): return os.path.exists(os.path.join(folder, name))
        chance, cuts = None, 0
        def limit():
            global chance
            if not has("cut"): return None
            seed, most = open(folder + "/cut").read().split()
            if chance is None: chance = random.Random(int(seed))
            return chance.randrange(int(most))
        def pump(source, target, limit):
            global cuts
            count = 0
            try:
                while data := source.recv(4096):
                    if limit is not None and count + len(data) > limit:
                        target.sendall(data[:limit - count])
                        cuts += 1
                        with open(folder + "/cuts", "w") as file: file.write(str(cuts))
                        break
                    count += len(data)
                    while has("hold") and count > int(open(folder + "/hold").read()):
                        time.sleep(0.01)
                    target.sendall(data)
            except (OSError, ValueError): pass
            cut(source, target)
        def cut(*ends):
            for end in ends:
                try: end.shutdown(socket.SHUT_RDWR)
                except OSError: pass
        def watch(*ends):
            while not has("away"): time.sleep(0.01)
            cut(*ends)
        server = socket.create_server(("127.0.0.1", 0))
        with open(folder + "/network.new", "w") as file: file.write(str(server.getsockname()[1]))
        os.rename(folder + "/network.new", folder + "/network")
        while True:
            near, _ = server.accept()
            if has("away"):
                near.close()
                continue
            far = socket.create_connection(("127.0.0.1", port))
            work = [
                (pump, (near, far, limit())), (pump, (far, near, limit())), (watch, (near, far))
            ]
            for target, arguments in work:
                threading.Thread(target=target, args=arguments, daemon=True).start()
        """

    private let relay: Program
    private let folder: TestFolder
    /// Where clients reach the server, as HOST:PORT.
    let address: String

    /// Puts a network before a server.
    init(before server: TestServer, in folder: TestFolder) async throws {
        self.folder = folder
        let port = server.address.split(separator: ":").last.map(String.init) ?? ""
        relay = try Program(
            "/usr/bin/env",
            ["python3", "-c", Self.program, folder.path, port],
            in: folder
        )
        let relay = relay
        try await eventually("the network is there") {
            guard relay.isRunning else { throw Program.Fault(description: relay.log) }
            return folder.has("network")
        }
        address = "127.0.0.1:" + (try String(contentsOfFile: folder("network"), encoding: .utf8))
    }

    /// Takes the network away.
    func goAway() throws { try folder.write("", to: "away") }

    /// Brings it back.
    func comeBack() { folder.remove("away") }

    /// Lets so many bytes of each connection pass, and then no more.
    func hold(after bytes: Int) throws { try folder.write("\(bytes)", to: "hold") }

    /// Lets everything pass.
    func release() { folder.remove("hold") }

    /// Cuts each connection after some bytes in either direction, by chance up to `most`.
    func cut(within most: Int, seed: UInt64) throws {
        try folder.write("\(seed) \(most)", to: "cut")
    }

    /// How many connections were cut.
    var cuts: Int {
        get throws {
            guard folder.has("cuts") else { return 0 }
            return Int(try String(contentsOfFile: folder("cuts"), encoding: .utf8)) ?? 0
        }
    }

    /// Takes it away for good.
    func end() async throws {
        relay.send(SIGKILL)
        try await relay.ended()
    }
}
