"""Apache Kafka itself: one KRaft node from the jars that ``tests/kafka/pom.xml`` names."""

import base64
import shutil
import signal
import subprocess
import uuid
from pathlib import Path

from stickprov_kernel.messaging.access import KafkaAccess
from stickprov_local import processes
from stickprov_local.ports import LOOPBACK, free_port
from support.waiting import wait_until

JARS = Path(__file__).parents[2] / ".cache" / "apache-kafka"
USER = "stickprov"
PASSWORD = "only-for-this-test"
_STARTED = "Kafka Server started"
_START_SECONDS = 120.0
# A broker that lives for seconds gains nothing from the optimising compiler or from a collector with threads.
_JVM = ("-Xmx512m", "-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC", "-Xshare:auto")

_PROPERTIES = """
process.roles=broker,controller
node.id=1
controller.quorum.voters=1@{host}:{controller_port}
listeners=PLAINTEXT://{host}:{port},SIGNED://{host}:{signed_port},CONTROLLER://{host}:{controller_port}
advertised.listeners=PLAINTEXT://{host}:{port},SIGNED://{host}:{signed_port}
listener.security.protocol.map=PLAINTEXT:PLAINTEXT,SIGNED:SASL_PLAINTEXT,CONTROLLER:PLAINTEXT
sasl.enabled.mechanisms=PLAIN
listener.name.signed.plain.sasl.jaas.config=\\
  org.apache.kafka.common.security.plain.PlainLoginModule required user_{user}="{password}";
controller.listener.names=CONTROLLER
inter.broker.listener.name=PLAINTEXT
log.dirs={data}
auto.create.topics.enable=false
offsets.topic.replication.factor=1
offsets.topic.num.partitions=1
transaction.state.log.replication.factor=1
transaction.state.log.min.isr=1
group.initial.rebalance.delay.ms=0
"""


def is_missing() -> str | None:
    """Return why Apache Kafka cannot run here, or nothing when it can."""
    if shutil.which("java") is None:
        return "Java 17 is not installed"
    if not list(JARS.glob("kafka_2.13-*.jar")):
        return "Apache Kafka's jars are not here; `make test-kafka` fetches them"
    return None


class ApacheKafka:
    """One Apache Kafka node with a port and a data folder that outlive its process."""

    def __init__(self, folder: Path) -> None:
        self._data = folder / "data"
        self._log = folder / "kafka.log"
        self._properties = folder / "server.properties"
        self._port = free_port()
        self._child: subprocess.Popen[bytes] | None = None
        self._signed_port = free_port()
        self._properties.write_text(
            _PROPERTIES.format(
                host=LOOPBACK,
                port=self._port,
                signed_port=self._signed_port,
                controller_port=free_port(),
                data=self._data,
                user=USER,
                password=PASSWORD,
            )
        )

    @property
    def access(self) -> KafkaAccess:
        """How our own clients reach it."""
        return KafkaAccess(self.bootstrap)

    @property
    def bootstrap(self) -> str:
        """Address for clients, the same over all restarts."""
        return f"{LOOPBACK}:{self._port}"

    def access_signed_in(self, password_file: Path, *, password: str = PASSWORD) -> KafkaAccess:
        """Return access to the listener that lets in only one user; writes the password's file."""
        password_file.write_text(password + "\n", encoding="utf-8")
        return KafkaAccess(f"{LOOPBACK}:{self._signed_port}", "SASL_PLAINTEXT", "PLAIN", USER, password_file)

    def start(self) -> None:
        """Format its storage if there is none, start it, and wait until it takes requests."""
        if not self._data.exists():
            shutil.copytree(self._formatted(), self._data)
        self._log.write_text("")
        self._child = processes.spawn(self._program("kafka.Kafka", str(self._properties)))
        wait_until(self._has_started, bound=_START_SECONDS, what="Apache Kafka's start")

    def kill(self) -> None:
        """End it with SIGKILL."""
        if self._child is not None:
            self._child.kill()
            self._child.wait()
            self._child = None

    def wipe(self) -> None:
        """Remove everything it ever held; it must not be running."""
        if self._child is not None:
            raise RuntimeError("kill or stop Apache Kafka before wiping its data")
        shutil.rmtree(self._data, ignore_errors=True)

    def stop(self) -> None:
        """End it in good order: it keeps its data."""
        if self._child is None:
            raise RuntimeError("Apache Kafka is not running")
        self.close()

    def close(self) -> None:
        """End it in good order if it runs."""
        if self._child is not None:
            processes.stop(self._child, signal.SIGTERM, patience=30.0)
            self._child = None

    def _formatted(self) -> Path:
        """Return freshly formatted storage, made once: formatting takes as long as starting does."""
        formatted = JARS / "formatted"
        if not formatted.exists():
            cluster = base64.urlsafe_b64encode(uuid.uuid4().bytes).decode().rstrip("=")
            self._run("kafka.tools.StorageTool", "format", "-t", cluster, "-c", str(self._properties))
            self._data.rename(formatted)
        return formatted

    def _program(self, *arguments: str) -> processes.Program:
        return processes.Program(
            name="apache-kafka",
            arguments=["java", *_JVM, "-cp", f"{JARS}/*", *arguments],
            log=self._log,
            environment={},
        )

    def _run(self, *arguments: str) -> None:
        if processes.spawn(self._program(*arguments)).wait() != 0:
            raise RuntimeError(f"{arguments[0]} failed:\n{processes.last_lines(self._log)}")

    def _has_started(self) -> bool:
        if self._child is None or self._child.poll() is not None:
            raise RuntimeError(f"Apache Kafka ended at once:\n{processes.last_lines(self._log)}")
        return _STARTED in self._log.read_text(errors="replace")
