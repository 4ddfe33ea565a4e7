import DocketTesting

/// What came of one run of a script.
struct Run {
    /// How much virtual time nothing may take.
    private static let longest = Duration.seconds(30 * 86_400)
    /// How many jobs nothing may take.
    private static let mostJobs = 3_000_000

    /// What happened, line by line.
    let trace: [String]
    /// The guarantee that was broken; nil where none was.
    let fault: String?

    /// Runs a script from its beginning.
    init(_ script: Script) {
        let world = World(script)
        let first = OneThread.count
        Task.detached { await world.run() }
        var stuck: String?
        while !world.isOver, stuck == nil {
            if OneThread.runNext() {
                world.buryDead()
                if OneThread.count - first > Self.mostJobs { stuck = "it goes on for ever" }
            } else if let next = world.clock.nextDeadline {
                world.clock.advance(to: next)
                if world.clock.elapsed > Self.longest { stuck = "it is never over" }
            } else {
                stuck = "nothing happens any more"
            }
        }
        if let stuck { world.report(stuck) }
        world.tell("\(OneThread.count - first) jobs, \(world.server.calls.count) calls")
        trace = world.trace
        fault = world.fault?.description
        world.close()
        while OneThread.runNext() {}
    }
}
