// The steps of reporting a fault, as a person takes them.
import { png } from './picture.mjs'

export async function openReport(phone) {
  await phone.screen.getByRole('button', { name: '报告故障' }).tap()
  await phone.screen.getByPlaceholder('例如：报表打不开').waitFor()
}

export async function fillReport({ screen }, { title, description }) {
  await screen.getByPlaceholder('例如：报表打不开').fill(title)
  await screen.getByPlaceholder('点了什么、看到什么提示').fill(description)
}

export async function addPhoto({ page, screen, overlay }) {
  await screen.getByRole('button', { name: '添加照片、视频或 PDF' }).tap()
  const chooser = page.waitForEvent('filechooser')
  await overlay.getByRole('button', { name: '从相册选' }).tap()
  await (await chooser).setFiles({ name: '现场.png', mimeType: 'image/png', buffer: png() })
  await screen.getByText('已上传').waitFor()
}

export const submit = ({ screen }) => screen.getByRole('button', { name: '提交', exact: true }).tap()

/** The receipt's number, read off the screen. */
export async function receiptNumber({ screen }) {
  await screen.getByText('提交好了').waitFor()
  const text = await screen.getByText(/^GZ-\d{4}-\d{6}$/).first().textContent()
  return text.trim()
}
