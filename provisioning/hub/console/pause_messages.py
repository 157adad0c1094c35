"""Ready messages for a paused queue, because whoever pauses one in a hurry may not write all three languages."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from types import MappingProxyType

from kiosk.court.queueing import Names


class ReadyMessage(StrEnum):
    """Why numbers are not given for a while."""

    SYSTEM = "system"
    POWER = "power"
    DRILL = "drill"
    CROWDED = "crowded"
    STAFF = "staff"


READY: Mapping[ReadyMessage, Names] = MappingProxyType(
    {
        ReadyMessage.SYSTEM: Names(
            zh="系统维护，暂停取号，请稍候或咨询导诉台",
            ko="체계점검으로 번호표 발급을 잠시 멈춥니다. 안내대에 문의하십시오",
            en="System maintenance. Please wait or ask at the desk",
        ),
        ReadyMessage.POWER: Names(
            zh="设备故障，暂停取号，请到导诉台人工取号",
            ko="설비고장으로 번호표 발급을 잠시 멈춥니다. 안내대에서 받으십시오",
            en="Equipment fault. Please get a number at the desk",
        ),
        ReadyMessage.DRILL: Names(
            zh="正在进行应急演练，暂停取号，请听从工作人员引导",
            ko="비상훈련중으로 번호표 발급을 잠시 멈춥니다. 직원의 안내를 따르십시오",
            en="Emergency drill. Please follow the staff",
        ),
        ReadyMessage.CROWDED: Names(
            zh="大厅人员已满，暂停取号，请在等候区稍候",
            ko="대청에 사람이 많아 번호표 발급을 잠시 멈춥니다. 대기구역에서 기다려주십시오",
            en="The hall is full. Please wait in the waiting area",
        ),
        ReadyMessage.STAFF: Names(
            zh="窗口人员临时离开，暂停取号，请稍候",
            ko="창구 직원이 잠시 자리를 비워 번호표 발급을 멈춥니다",
            en="The window is unattended for a moment. Please wait",
        ),
    }
)
