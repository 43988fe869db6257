"""The doctor's findings on the remote: what is checked, who may ask, and how often it runs."""

import asyncio
import contextlib
import http.client
import json
from http import HTTPStatus

from bridge.__main__ import main
from bridge.remote.doctor_process import DoctorProcess
from tests.bridge.test_remote_visitors import NETWORK, ROOM, get, join


async def examined(stage, host="127.0.0.1", **headers):
    """Return the status and what was found, once it is."""
    while (told := await get(stage, "/remote/doctor", host, **headers))[0] == 202:
        pass
    return told[0], told[2]


def test_the_page_is_told_what_the_doctor_finds(on_stage):
    async def scene(stage):
        status, body = await examined(stage)
        assert status == HTTPStatus.OK
        found = {each["name"]: each for each in json.loads(body)}
        assert {"rtprio", "memlock", "memory", "libjack", "jackd", "server"} <= found.keys()
        assert "model" not in found  # timing it would disturb the band
        assert str(stage.endpoint.port) in found["osc"]["text"]
        assert all(each["good"] or each["mend"] for each in found.values())

    on_stage(scene)


@ROOM
def test_a_browser_of_the_room_is_told_once_it_is_let_in(on_stage):
    async def scene(stage):
        assert (await examined(stage, NETWORK))[0] == HTTPStatus.FORBIDDEN
        code = json.loads((await get(stage, "/remote/invitation"))[2])["code"]
        _, cookie, _ = await join(stage, code)
        assert (await examined(stage, NETWORK, Cookie=cookie))[0] == HTTPStatus.OK

    on_stage(scene, host="0.0.0.0", remote_host="0.0.0.0", advertise=False)


def test_it_runs_once_for_all_who_ask_meanwhile(monkeypatch):
    runs = []

    async def scene():
        ending = asyncio.Event()

        async def run(_):
            runs.append(1)
            await ending.wait()
            return b"[]"

        monkeypatch.setattr(DoctorProcess, "_run", run)
        monkeypatch.setattr("bridge.remote.doctor_process._PATIENCE_S", 0.01)
        doctor = DoctorProcess()
        assert await asyncio.gather(doctor.findings(), doctor.findings()) == [None, None]
        monkeypatch.setattr("bridge.remote.doctor_process._PATIENCE_S", 60)
        asking = [asyncio.create_task(doctor.findings()) for _ in range(2)]
        await asyncio.sleep(0)
        ending.set()
        assert await asyncio.gather(*asking) == [b"[]", b"[]"]
        assert len(runs) == 1
        assert await doctor.findings() == b"[]"
        assert len(runs) == 2

    asyncio.run(scene())


def test_a_command_that_fails_is_counted_and_told_to_the_page(on_stage):
    async def scene(stage):
        assert (await examined(stage))[0] == HTTPStatus.INTERNAL_SERVER_ERROR
        assert "--nonsense" in stage.endpoint.server.errors.last
        assert stage.endpoint.server.errors.counts == {"OSCQuery": 1}

    on_stage(scene, doctor=("--nonsense",))


def test_closing_ends_a_check_that_runs_and_answers_who_waits():
    async def scene():
        doctor = DoctorProcess()
        asking = asyncio.create_task(doctor.findings())
        await asyncio.sleep(0.05)
        await doctor.close()
        assert await asyncio.wait_for(asking, 60) is None

    asyncio.run(scene())


def test_a_bridge_that_ends_does_not_wait_for_the_doctor(on_stage, monkeypatch):
    ended = []

    async def run(_):
        try:
            await asyncio.Event().wait()
        finally:
            ended.append(True)

    monkeypatch.setattr(DoctorProcess, "_run", run)
    monkeypatch.setattr("bridge.remote.doctor_process._PATIENCE_S", 60)

    async def scene(stage):
        asking = asyncio.create_task(get(stage, "/remote/doctor"))
        while all(task.get_name() != "doctor" for task in asyncio.all_tasks()):
            await asyncio.sleep(0.01)
        await stage.endpoint.close()
        assert ended
        with contextlib.suppress(OSError, http.client.HTTPException):
            assert (await asking)[0] in (202, 503)

    on_stage(scene)


def test_jack_and_speed_can_be_left_out(capsys):
    main(["doctor", "--quick", "--no-jack", "--json"])
    report = json.loads(capsys.readouterr().out)
    names = [each["name"] for each in report["findings"]]
    assert names == ["rtprio", "memlock", "memory", "osc"]
    assert report["latency"] == []
