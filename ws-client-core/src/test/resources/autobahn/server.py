# Starts the suite's fuzzing server on a free loopback port and prints the port. What wstest.py does besides would
# open a second port for web pages. Arguments: the suite's directory, the directory for reports, patterns of cases.
# Ends when its standard input does, so it never outlives the tests.
import sys
import threading

from java.lang import Runtime

sys.path.insert(0, sys.argv[1])

from twisted.internet import reactor

from autobahntestsuite import fuzzing


def halt_at_end_of_input():
    sys.stdin.read()
    Runtime.getRuntime().halt(0)


watch = threading.Thread(target=halt_at_end_of_input)
watch.setDaemon(True)
watch.start()

# failByDrop as in the suite's own specification; timeouts that would judge the speed of the machine are long
factory = fuzzing.FuzzingServerFactory({
    "url": "ws://127.0.0.1:1",
    "outdir": sys.argv[2],
    "cases": sys.argv[3:],
    "options": {"failByDrop": False, "openHandshakeTimeout": 30, "closeHandshakeTimeout": 10},
})
port = reactor.listenTCP(0, factory, interface="127.0.0.1").getHost().port
factory.externalPort = port
print "port=%d" % port
sys.stdout.flush()
reactor.run()
